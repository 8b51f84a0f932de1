#!/bin/sh
# Other programs read what `generate` writes: DuckDB and pandas find the same rows in Parquet as in CSV, and Splink links
# the files of `--columns splink` as they are.
#
#   readers.sh NAMESAKE [PEOPLE]        (installs the Python packages into a folder of its own that is gone afterwards)
#   PYTHON=… readers.sh NAMESAKE        (uses a Python that has them)
set -eu
namesake=$1 people=${2:-200k}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${PYTHON:-}" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q install splink==5.0.0 duckdb==2.0.0 pandas==2.3.3 pyarrow
    PYTHON=$work/venv/bin/python
fi
"$namesake" generate --people "$people" --quiet --out "$work/csv"
"$namesake" generate --people "$people" --quiet --out "$work/parquet" --format parquet
"$PYTHON" "$here/parquet_equals_csv.py" "$work/csv" "$work/parquet"
"$namesake" generate --people "$people" --quiet --out "$work/splink" --columns splink
"$PYTHON" "$here/splink_example.py" "$work/splink"
