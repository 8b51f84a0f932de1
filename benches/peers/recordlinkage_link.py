"""recordlinkage over a.csv and b.csv: files to scored pairs, then the best F1. Prints one line of JSON.

    python recordlinkage_link.py DIR

The same six fields and blocking rules as spec.toml; the package has two levels to a comparison, agreement from a
Jaro–Winkler similarity of 0.92 (names, street), a Damerau–Levenshtein similarity of 0.85 (date) or equality, and its
own EM (ECMClassifier).
"""

import json
import resource
import sys
import time

import numpy
import pandas
import recordlinkage

folder = sys.argv[1]
started = time.perf_counter()
fields = ["given_name", "surname", "date_of_birth", "street", "city", "zip"]
a, b = (
    pandas.read_csv(f"{folder}/{name}.csv", dtype=str, usecols=["record_id", "entity", *fields]).set_index("record_id")
    for name in ("a", "b")
)
pairs = None
for rule in (["surname", "date_of_birth"], ["given_name", "date_of_birth"], ["surname", "given_name", "zip"]):
    indexer = recordlinkage.Index()
    indexer.block(rule)
    # A missing value blocks with a missing value here; it must not.
    found = indexer.index(a.dropna(subset=rule), b.dropna(subset=rule))
    pairs = found if pairs is None else pairs.union(found)
compare = recordlinkage.Compare()
for field in ("given_name", "surname", "street"):
    compare.string(field, field, method="jarowinkler", threshold=0.92, label=field)
compare.string("date_of_birth", "date_of_birth", method="damerau_levenshtein", threshold=0.85, label="date_of_birth")
for field in ("city", "zip"):
    compare.exact(field, field, label=field)
features = compare.compute(pairs, a, b)
classifier = recordlinkage.ECMClassifier()
classifier.fit(features)
scores = classifier.prob(features)
seconds = time.perf_counter() - started

right = (
    a["entity"].reindex(scores.index.get_level_values(0)).to_numpy()
    == b["entity"].reindex(scores.index.get_level_values(1)).to_numpy()
)
true_pairs = len(set(a["entity"]) & set(b["entity"]))
order = numpy.argsort(-scores.to_numpy(), kind="stable")
hits = numpy.cumsum(right[order])
# Only where the score changes is there a threshold.
last = numpy.append(numpy.diff(scores.to_numpy()[order]) != 0, True)
f1 = numpy.where(last, 2 * hits / (numpy.arange(1, len(hits) + 1) + true_pairs), 0)
print(
    json.dumps(
        {
            "program": f"recordlinkage {recordlinkage.__version__}",
            "seconds": round(seconds, 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "pairs": len(scores),
            "best_f1": round(float(f1.max()), 5),
        }
    )
)
