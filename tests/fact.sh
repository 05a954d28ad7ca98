# fact: what the tests in shell count: sourced by them.
#
# Takes  $work, a folder of the caller's.
# Gives  $passed, $failed; of a fact that does not hold its name, and the first lines that the command said.
passed=0
failed=0
fact() { # fact NAME COMMAND...
	name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		head -20 "$work/said"
	fi
}
