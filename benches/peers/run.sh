#!/bin/sh
# Runs each program over the same two files, in turns, and prints a table: wall, user and system time, peak memory,
# scored pairs, best F1. Everything from the two CSV files to the scored pairs and their count against the truth.
#
#   run.sh NAMESAKE PYTHON DIR ROUNDS PROGRAM…     (programs: namesake splink recordlinkage weldrs,
#                                                   and without stated rules: namesake-defaults splink-five)
#
# DIR holds a.csv and b.csv. Where it does not, they are made: two files of ROWS records (1,000,000 unless the variable
# says otherwise) of one country, with two lots of luck. The programs take turns, so that whatever else the machine does
# falls on all of them. At the end stands the median of each program's wall times and the ratio to that of the
# first one named.
set -eu
namesake=$1 python=$2 dir=$3 rounds=$4
shift 4
here=$(dirname "$0")
rows=${ROWS:-1000000}
if [ ! -f "$dir/a.csv" ]; then
    mkdir -p "$dir"
    for luck in 1 2; do
        "$namesake" generate --people $((rows * 17 / 10)) --requests 100 --set seed.errors=$luck --out "$dir/g$luck" --quiet
    done
    "$python" "$here/files.py" "$dir/g1" "$dir/g2" "$rows" "$dir" >&2
    rm -r "$dir/g1" "$dir/g2"
fi
: >"$dir/runs.txt"
echo "| round | program | wall s | user s | system s | peak MB | pairs | best F1 |"
echo "|---|---|---|---|---|---|---|---|"
for round in $(seq "$rounds"); do
    for program in "$@"; do
        case $program in
        namesake) command="$namesake link $dir/a.csv $dir/b.csv --spec $here/spec.toml" ;;
        namesake-defaults) command="$namesake link $dir/a.csv $dir/b.csv --spec $here/defaults.toml" ;;
        splink-five) command="$python $here/splink_link.py $dir five" ;;
        weldrs)
            peer=$here/weldrs/target/release/weldrs_link
            # Built where it is not there: some minutes and 2 GB, once.
            [ -x "$peer" ] || cargo build --release --manifest-path "$here/weldrs/Cargo.toml" --target-dir "$here/weldrs/target" >&2
            command="$peer $dir"
            ;;
        *) command="$python $here/${program}_link.py $dir" ;;
        esac
        /usr/bin/time -f "%e %U %S %M" -o "$dir/time.txt" $command >"$dir/out.txt" 2>"$dir/err.txt" || {
            cat "$dir/err.txt" >&2
            exit 1
        }
        read -r wall user system peak <"$dir/time.txt"
        # Either the summary of Namesake or one line of JSON.
        pairs=$(sed -n 's/.*blocking looked at \([0-9,]*\).*/\1/p; s/.*"pairs": \([0-9]*\).*/\1/p' "$dir/out.txt" | tr -d ,)
        f1=$(sed -n 's/^BEST F1 *\([0-9.]*\).*/\1/p; s/.*"best_f1": \([0-9.]*\).*/\1/p' "$dir/out.txt")
        echo "| $round | $program | $wall | $user | $system | $((peak / 1024)) | $pairs | $f1 |"
        echo "$program $wall $user $system $peak" >>"$dir/runs.txt"
    done
done
"$python" - "$dir/runs.txt" <<'END'
import statistics
import sys

runs = {}
for line in open(sys.argv[1]):
    program, *figures = line.split()
    runs.setdefault(program, []).append([float(figure) for figure in figures])
median = {
    program: [statistics.median(column) for column in zip(*figures)] for program, figures in runs.items()
}
for program, (wall, user, system, peak) in median.items():
    line = f"{program}: median wall {wall:.2f} s, processor {user + system:.2f} s, peak {peak / 1024:.0f} MB"
    first, base = next(iter(median.items()))
    if program != first:
        line += f"; {first} is {wall / base[0]:.1f} times as fast ({(user + system) / (base[1] + base[2]):.1f} times in"
        line += f" processor time) and takes {base[3] / peak:.2f} of its memory"
    print(line)
END
