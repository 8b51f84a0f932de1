#!/bin/sh
# Runs each program over the same two files, one after the other, N rounds: wall and user time, peak memory, best F1.
#
#   run.sh NAMESAKE PYTHON DIR ROUNDS PROGRAM…     (programs: namesake splink recordlinkage)
#
# DIR holds a.csv and b.csv as files.py makes them. The programs take turns, so that whatever else the machine does
# falls on all of them.
set -eu
namesake=$1 python=$2 dir=$3 rounds=$4
shift 4
here=$(dirname "$0")
for round in $(seq "$rounds"); do
    for program in "$@"; do
        case $program in
        namesake) command="$namesake link $dir/a.csv $dir/b.csv --spec $here/spec.toml" ;;
        *) command="$python $here/${program}_link.py $dir" ;;
        esac
        /usr/bin/time -f "wall %e s, user %U s, system %S s, peak %M kB" -o "$dir/time.txt" $command >"$dir/out.txt" 2>"$dir/err.txt"
        echo "round $round, $program: $(cat "$dir/time.txt")"
        grep -E '^BEST F1|^PAIRS|^\{' "$dir/out.txt"
    done
done
