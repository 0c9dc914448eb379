#!/bin/sh
# roomcheck.sh HOST... asks ptwalk doctor on each host, by ssh and all at once, and
# prints which lessons can run there. Without HOST it reads names, one a line.
# PTWALK is the program on the hosts, "ptwalk" if it is not set. The status is 1 if a
# host gives no answer, or refuses something.
if [ $# = 0 ]; then
	set -- $(cat)
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0
for host in "$@"; do
	n=$((n + 1))
	ssh -n -o BatchMode=yes -o ConnectTimeout=10 -- "$host" "${PTWALK:-ptwalk} doctor --json" \
		>"$dir/$n.json" 2>"$dir/$n.err" &
done
wait

# One line of the answer, without the spaces between its parts: what is refused and
# each lesson's "ok", "partly" or "no".
n=0
failed=0
for host in "$@"; do
	n=$((n + 1))
	lessons=$(tr -d ' \n' <"$dir/$n.json" | sed -n 's/.*"lessons":{\([^}]*\)}.*/\1/p' | tr -d '"' | tr ',' ' ')
	if [ -z "$lessons" ]; then
		printf '%-20s no answer: %s\n' "$host" "$(tail -n 1 "$dir/$n.err" | tr -d '\r')"
		failed=1
		continue
	fi
	why=$(tr -d ' \n' <"$dir/$n.json" | tr '{' '\n' | sed -n '/"result":"fail"/s/.*"code":"\([^"]*\)".*/\1/p' | sort -u | tr '\n' ' ')
	[ -z "$why" ] || failed=1
	printf '%-20s %s %s\n' "$host" "$lessons" "$why" | sed 's/ *$//'
done
exit $failed
