"""Makes two labelled files of one country: the holder's file twice, with one country and two lots of luck.

    namesake generate --people 1700k --requests 100 --set seed.errors=1 --out g1
    namesake generate --people 1700k --requests 100 --set seed.errors=2 --out g2
    python files.py g1 g2 1000000 OUT

Writes OUT/a.csv and OUT/b.csv: the holder's columns, and `entity`, the person whom the record is about.
"""

import sys

import pandas

one, other, rows, out = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
for folder, name in ((one, "a"), (other, "b")):
    records = pandas.read_csv(f"{folder}/holder.csv", dtype=str, keep_default_na=False)
    truth = pandas.read_csv(f"{folder}/truth.csv", dtype=str, keep_default_na=False)
    truth = truth[truth["file"] == "holder"][["record_id", "person_id"]].rename(columns={"person_id": "entity"})
    records = records.merge(truth, on="record_id", validate="one_to_one").head(rows)
    records.to_csv(f"{out}/{name}.csv", index=False)
    print(name, len(records), "records")
