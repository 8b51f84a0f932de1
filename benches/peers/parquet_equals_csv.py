"""Whether DuckDB and pandas read the same rows from `generate --format parquet` as from `--format csv`.

    python parquet_equals_csv.py CSV_DIR PARQUET_DIR

Every cell of every file is compared, in order. Ends with 1 where two differ.
"""

import sys

import duckdb
import pandas
import pyarrow

csv, parquet = sys.argv[1], sys.argv[2]
connection = duckdb.connect()
print(f"duckdb {duckdb.__version__}, pandas {pandas.__version__}, pyarrow {pyarrow.__version__}")
differ = False
for name in ("requester", "holder", "truth", "people", "provenance"):
    one, other = f"{csv}/{name}.csv", f"{parquet}/{name}.parquet"
    # A null of Parquet is an empty cell of CSV; numbers, dates and truths are compared as CSV has them.
    rows = f"select row_number() over () as row, * from read_csv('{one}', all_varchar = true, nullstr = 'no such text')"
    same = f"select row_number() over () as row, coalesce(columns(*)::varchar, '') from read_parquet('{other}')"
    count = connection.execute(f"select count(*) from ({rows})").fetchone()[0]
    left = connection.execute(f"select count(*) from (({rows}) except all ({same}))").fetchone()[0]
    right = connection.execute(f"select count(*) from (({same}) except all ({rows}))").fetchone()[0]
    frame = pandas.read_csv(one, dtype=str, keep_default_na=False)
    typed = pandas.read_parquet(other, dtype_backend="pyarrow")
    equal = frame.equals(typed.apply(lambda column: column.astype("string[pyarrow]").fillna("")).astype(frame.dtypes.to_dict()))
    print(f"{name}: {count} rows, {len(frame.columns)} columns; DuckDB: {left + right} differ; pandas: {'equal' if equal else 'NOT EQUAL'}")
    differ |= left + right > 0 or not equal or count != len(frame)
sys.exit(1 if differ else 0)
