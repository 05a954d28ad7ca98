# Two outages of a database: 8 refusals a second, 40 s from 11:20:00.004 and from 14:00:00.004; a checkpoint each five minutes.
function stamp(s) { return sprintf("2026-11-22 %02d:%02d:%02d", 11 + int(s / 3600), int(s / 60) % 60, s % 60) }
BEGIN {
	for (s = 0; s < 12600; s++) {
		if (s % 300 == 0)
			printf "%s.001 UTC [9] LOG:  checkpoint starting: time\n", stamp(s)
		if ((s >= 1200 && s < 1240) || (s >= 10800 && s < 10840))
			for (i = 0; i < 8; i++)
				printf "%s.%03d UTC [%d] shop@shop FATAL:  sorry, too many clients already\n", stamp(s), 4 + 100 * i, 1000 + s * 8 + i
	}
}
