"""The same three invented records as pandas, polars, DuckDB and pyarrow write them, each with types of its own.

    python make.py      (made with pandas 2.3.3, polars 2.1.0, DuckDB 2.0.1, pyarrow 26.0.1)
"""

import datetime

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

BORN = [datetime.date(1984, 5, 23), None, datetime.date(1990, 1, 31)]
ROWS = {"id": [101, 102, 103], "who": [1, 2, 3], "last": ["Nuñez", "Ōe", None], "born": BORN, "zip": [12345, None, 501]}

frame = pandas.DataFrame(ROWS)
frame.to_csv("records.csv", index=False)
# Categories, a column of floats for want of a missing whole number, and a column of lists.
frame.assign(last=frame["last"].astype("category"), tags=[[1], [2], []]).to_parquet("pandas.parquet")
frame.assign(born=pandas.to_datetime(frame.born)).to_parquet("pandas_timestamps.parquet", compression="gzip")
polars.DataFrame(ROWS).with_columns(polars.col("last").cast(polars.Categorical)).write_parquet("polars.parquet")
duckdb.sql("copy (select * from read_csv('records.csv')) to 'duckdb.parquet' (format parquet, compression lz4)")
duckdb.sql(
    """copy (select id::decimal(10, 0) id, who::decimal(20, 0) who, "last", born::timestamp with time zone born,
                    zip::decimal(9, 0) zip from read_csv('records.csv'))
       to 'duckdb_decimals.parquet' (format parquet, compression brotli)"""
)
table = pyarrow.table(
    {
        "id": pyarrow.array(ROWS["id"], pyarrow.uint32()),
        "who": pyarrow.array(ROWS["who"], pyarrow.int8()),
        "last": pyarrow.array(ROWS["last"], pyarrow.large_string()).dictionary_encode(),
        "born": pyarrow.array(BORN, pyarrow.date64()),
        "zip": pyarrow.array(ROWS["zip"], pyarrow.decimal128(7, 0)),
    }
)
pyarrow.parquet.write_table(table, "pyarrow.parquet", version="1.0", compression="none", data_page_version="2.0")
