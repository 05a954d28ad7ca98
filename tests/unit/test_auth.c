/* auth: who and where from, in messages as the programs' sources print them (OpenSSH 5 to 10, Linux-PAM 0.99 to 1.5, sudo, su, shadow,
 * cron, systemd, Dropbear), and what must not be taken. */
#include "split/auth.h"

#include "unit.h"

static const struct {
	const char *program, *message, *user, *address, *port;
} cases[] = {
	{"sshd", "Accepted publickey for deploy from 192.0.2.7 port 40022 ssh2: ED25519 SHA256:abc", "deploy", "192.0.2.7", "40022"},
	{"sshd-session", "Accepted password for deploy from 2001:db8::7 port 40022 ssh2", "deploy", "2001:db8::7", "40022"},
	{"sshd", "Accepted publickey for deploy from 192.0.2.7 port 22 ssh2: RSA-CERT SHA256:x ID key from home (serial 0)", "deploy", "192.0.2.7", "22"},
	{"sshd", "Failed password for invalid user admin from 192.0.2.7 port 1 ssh2", "admin", "192.0.2.7", "1"},
	{"sshd", "Failed password for invalid user x from 198.51.100.1 port 5 ssh2 from 192.0.2.7 port 1 ssh2",
	 "x from 198.51.100.1 port 5 ssh2", "192.0.2.7", "1"},
	{"sshd", "Failed none for illegal user guest from ::ffff:192.0.2.7 port 1 ssh2", "guest", "::ffff:192.0.2.7", "1"},
	{"sshd", "Postponed keyboard-interactive for root from 192.0.2.7 port 1 ssh2 [preauth]", "root", "192.0.2.7", "1"},
	{"sshd", "Invalid user  from 192.0.2.7 port 1", NULL, "192.0.2.7", "1"},
	{"sshd", "Invalid user admin from 192.0.2.7", "admin", "192.0.2.7", NULL},
	{"sshd", "Connection closed by authenticating user root 192.0.2.7 port 60000 [preauth]", "root", "192.0.2.7", "60000"},
	{"sshd", "Connection closed by invalid user a b 192.0.2.7 port 60000 [preauth]", "a b", "192.0.2.7", "60000"},
	{"sshd", "Connection closed by 192.0.2.7 [preauth]", NULL, "192.0.2.7", NULL},
	{"sshd", "Connection reset by 192.0.2.7 port 60000 [preauth]", NULL, "192.0.2.7", "60000"},
	{"sshd", "Disconnected from user deploy 192.0.2.7 port 60000", "deploy", "192.0.2.7", "60000"},
	{"sshd", "Disconnecting authenticating user root 192.0.2.7 port 6: Too many authentication failures [preauth]", "root", "192.0.2.7", "6"},
	{"sshd", "Received disconnect from 192.0.2.7: 11: disconnected by user", NULL, "192.0.2.7", NULL},
	{"sshd", "Received disconnect from 192.0.2.7 port 60000:11: Bye Bye [preauth]", NULL, "192.0.2.7", "60000"},
	{"sshd", "error: maximum authentication attempts exceeded for invalid user pi from 192.0.2.7 port 9 ssh2 [preauth]", "pi", "192.0.2.7", "9"},
	{"sshd", "error: PAM: Authentication failure for root from host.example", "root", "host.example", NULL},
	{"sshd", "Did not receive identification string from 192.0.2.7 port 60000", NULL, "192.0.2.7", "60000"},
	{"sshd", "Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.7 port 60000", NULL, "192.0.2.7", "60000"},
	{"sshd", "Unable to negotiate with 192.0.2.7 port 60000: no matching host key type found", NULL, "192.0.2.7", "60000"},
	{"sshd", "User backup from 192.0.2.7 not allowed because not listed in AllowUsers", "backup", "192.0.2.7", NULL},
	{"sshd", "User backup not allowed because account is locked", "backup", NULL, NULL},
	{"sshd", "subsystem request for sftp by user deploy", "deploy", NULL, NULL},
	{"sshd", "Starting session: shell on pts/0 for root from 192.0.2.7 port 60000 id 0", "root", "192.0.2.7", "60000"},
	{"sshd", "Close session: user root from 192.0.2.7 port 60000 id 0", "root", "192.0.2.7", "60000"},
	{"sshd", "message repeated 3 times: [ Failed password for root from 192.0.2.7 port 4 ssh2]", "root", "192.0.2.7", "4"},
	{"sshd", "reverse mapping checking getaddrinfo for a.example [192.0.2.7] failed - POSSIBLE BREAK-IN ATTEMPT!", NULL, "192.0.2.7", NULL},
	{"sshd", "Server listening on 0.0.0.0 port 22.", NULL, NULL, NULL},
	{"sshd", "pam_unix(sshd:session): session opened for user deploy by (uid=0)", "deploy", NULL, NULL},
	{"sshd", "pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)", "deploy", NULL, NULL},
	{"sudo", "pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1000)", "deploy", NULL, NULL},
	{"su", "pam_unix(su-l:session): session closed for user root", "root", NULL, NULL},
	{"sshd", "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
	 "root", "192.0.2.7", NULL},
	{"sshd", "PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root", "root", "192.0.2.7", NULL},
	{"sshd", "PAM service(sshd) ignoring max retries; 6 > 3", NULL, NULL, NULL},
	{"sshd", "pam_sss(sshd:auth): authentication success; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 user=deploy",
	 "deploy", "192.0.2.7", NULL},
	{"sshd(pam_unix)", "session opened for user root by (uid=0)", "root", NULL, NULL},
	{"sshd(pam_unix)", "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=192.0.2.7 ", NULL, "192.0.2.7", NULL},
	{"gdm-password]", "pam_unix(gdm-password:session): session opened for user ann(uid=1001) by (uid=0)", "ann", NULL, NULL},
	{"sshd", "pam_unix(sshd:auth): check pass; user unknown", NULL, NULL, NULL},
	{"chpasswd", "pam_unix(chpasswd:chauthtok): password changed for ann", "ann", NULL, NULL},
	{"sshd", "pam_faillock(sshd:auth): Consecutive login failures for user ann account temporarily locked", "ann", NULL, NULL},
	{"sudo", "     ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/echo a : b", "ann", NULL, NULL},
	{"sudo", "ann : 3 incorrect password attempts ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls", "ann", NULL, NULL},
	{"sudo", "unable to resolve host web1", NULL, NULL, NULL},
	{"su", "(to root) ann on pts/1", "ann", NULL, NULL},
	{"su", "FAILED SU (to root) ann on pts/1", "ann", NULL, NULL},
	{"su", "Successful su for root by ann", "ann", NULL, NULL},
	{"su[7]", "Successful su for root by ann", NULL, NULL, NULL},
	{"su", "'su root' failed for lonvick on /dev/pts/8", "lonvick", NULL, NULL},
	{"su", "+ /dev/pts/0 ann:root", "ann", NULL, NULL},
	{"doas", "ann ran command ls as root from /home/ann", "ann", NULL, NULL},
	{"pkexec", "ann: Executing command [USER=root] [TTY=unknown] [CWD=/] [COMMAND=/bin/ls]", "ann", NULL, NULL},
	{"login", "FAILED LOGIN (2) on '/dev/tty1' FOR 'UNKNOWN', Authentication failure", "UNKNOWN", NULL, NULL},
	{"login", "LOGIN ON tty1 BY ann", "ann", NULL, NULL},
	{"systemd-logind", "New session 12 of user ann.", "ann", NULL, NULL},
	{"systemd-logind", "New session '12' of user 'ann' with class 'user' and type 'tty'.", "ann", NULL, NULL},
	{"systemd-logind", "Removed session 12.", NULL, NULL, NULL},
	{"systemd", "Started Session 12 of user ann.", "ann", NULL, NULL},
	{"systemd", "Started session-12.scope - Session 12 of User ann.", "ann", NULL, NULL},
	{"systemd", "Started nginx.", NULL, NULL, NULL},
	{"CRON", "(root) CMD (run-parts /etc/cron.hourly)", "root", NULL, NULL},
	{"/usr/sbin/cron", "(root) RELOAD (crontabs/root)", "root", NULL, NULL},
	{"cron", "(CRON) INFO (Running @reboot jobs)", NULL, NULL, NULL},
	{"cron", "(*system*) RELOAD (/etc/crontab)", NULL, NULL, NULL},
	{"crond", "USER ann pid 77 cmd /bin/true", "ann", NULL, NULL},
	{"useradd", "new user: name=ann, UID=1001, GID=1001, home=/home/ann, shell=/bin/sh, from=/dev/pts/0", "ann", NULL, NULL},
	{"groupadd", "new group: name=shop, GID=1002", NULL, NULL, NULL},
	{"usermod", "add 'ann' to group 'sudo'", "ann", NULL, NULL},
	{"userdel", "delete user 'ann'", "ann", NULL, NULL},
	{"passwd", "password for 'ann' changed by 'root'", "root", NULL, NULL},
	{"dropbear", "Password auth succeeded for 'root' from 192.0.2.7:50000", "root", "192.0.2.7", "50000"},
	{"dropbear", "Child connection from ::1:50000", NULL, "::1", "50000"},
	{"shop", "Accepted publickey for deploy from 192.0.2.7 port 40022 ssh2", NULL, NULL, NULL},
	{"shop", "session opened for user root", NULL, NULL, NULL},
	{"shop", "pam_", NULL, NULL, NULL},
	{"sshd", "Failed password for ", NULL, NULL, NULL},
	{"sshd", "Connection closed by invalid user  port ", NULL, NULL, NULL},
	{"sshd", "", NULL, NULL, NULL},
};

static bool is(const struct record *r, enum field field, const char *text)
{
	return text ? record_has(r, field) && span_equal(record_get(r, field), span_of(text)) : !record_has(r, field);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record r;
		record_clear(&r);
		record_set(&r, FIELD_PROCESS, span_of(cases[i].program));
		record_set(&r, FIELD_MESSAGE, span_of(cases[i].message));
		auth_read(&r);
		FACT(is(&r, FIELD_USER, cases[i].user), cases[i].message);
		FACT(is(&r, FIELD_CLIENT, cases[i].address), cases[i].message);
		FACT(is(&r, FIELD_CLIENT_PORT, cases[i].port), cases[i].message);
	}
	struct record r;
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, SPAN("Accepted password for ann from 192.0.2.7 port 9 ssh2"));
	auth_read_bare(&r);
	FACT(is(&r, FIELD_USER, "ann") && is(&r, FIELD_CLIENT, "192.0.2.7"), "sshd's sentence without its name");
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, SPAN("pam_unix(sshd:session): session closed for user ann"));
	auth_read_bare(&r);
	FACT(is(&r, FIELD_USER, "ann"), "a module of PAM names itself");
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, SPAN("Connection reset by peer"));
	auth_read_bare(&r);
	FACT(is(&r, FIELD_CLIENT, NULL), "an error of the system is nobody's login");
	return unit_done();
}
