"""Splink's own predictions and its own count of errors, to hold `namesake score` against.

    python splink_score.py NAMESAKE DIR      (a.csv and b.csv in DIR as files.py makes them; needs splink 5)

Splink links a.csv and b.csv and writes DIR/predictions.csv. Then it counts true positives, false positives and false
negatives against the column `entity` (accuracy_analysis_from_labels_column), and `namesake score` counts them of the
same list, at several match weights. Prints a line for each and ends with 1 if any two differ.
"""

import json
import pathlib
import subprocess
import sys

import duckdb
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

namesake, folder = sys.argv[1], sys.argv[2]
here = pathlib.Path(__file__).parent
fields = ["given_name", "surname", "date_of_birth", "street", "city", "zip"]
connection = duckdb.connect()
for name in ("a", "b"):
    columns = ", ".join(f"nullif({field}, '') as {field}" for field in fields)
    connection.execute(
        f"create table {name} as select record_id as unique_id, entity, {columns} "
        f"from read_csv('{folder}/{name}.csv', all_varchar = true)"
    )
rules = [
    block_on("surname", "date_of_birth"),
    block_on("given_name", "date_of_birth"),
    block_on("surname", "given_name", "zip"),
]
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=rules,
    comparisons=[
        cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]),
        cl.JaroWinklerAtThresholds("surname", [0.92, 0.8]),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.JaroWinklerAtThresholds("street", [0.92]),
        cl.ExactMatch("city"),
        cl.ExactMatch("zip"),
    ],
    additional_columns_to_retain=["entity"],
    retain_intermediate_calculation_columns=True,
)
api = DuckDBAPI(connection)
linker = Linker([api.register("a"), api.register("b")], settings)
linker.training.estimate_probability_two_random_records_match(
    [block_on("given_name", "surname", "date_of_birth")], recall=0.8
)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for session in (("surname", "date_of_birth"), ("given_name", "date_of_birth"), ("given_name", "surname", "zip")):
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*session))
predictions = linker.inference.predict()
connection.execute(
    f"copy (select match_weight, match_probability, source_dataset_l, unique_id_l, source_dataset_r, unique_id_r "
    f"from {predictions.physical_name}) to '{folder}/predictions.csv' (header)"
)
table = linker.evaluation.accuracy_analysis_from_labels_column(
    "entity", output_type="table", match_weight_round_to_nearest=None
).as_record_list()
table.sort(key=lambda row: row["truth_threshold"])


def scored(threshold):
    command = [namesake, "score", f"{folder}/predictions.csv", "--a", f"{folder}/a.csv", "--b", f"{folder}/b.csv"]
    command += ["--spec", str(here / "spec.toml"), "--threshold", repr(threshold), "--json", "-"]
    counts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["counts"]
    return counts["returned_right"], counts["returned_wrong"], counts["missed"]


print(f"splink {splink.__version__}, duckdb {duckdb.__version__}")
differ = 0
for row in table[:: max(1, len(table) // 8)]:
    splinks = tuple(int(row[name]) for name in ("tp", "fp", "fn"))
    ours = scored(row["truth_threshold"])
    differ += splinks != ours
    print(f"from weight {row['truth_threshold']:g}: Splink tp, fp, fn {splinks}; namesake score {ours}")
sys.exit(1 if differ else 0)
