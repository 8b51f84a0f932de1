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

import splink

from splink_link import trained

namesake, folder = sys.argv[1], sys.argv[2]
here = pathlib.Path(__file__).parent
connection, linker = trained(
    folder, additional_columns_to_retain=["entity"], retain_intermediate_calculation_columns=True
)
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
    command += ["--spec", str(here / "spec.toml"), "--score", "match_weight", "--threshold", repr(threshold)]
    command += ["--json", "-"]
    counts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["counts"]
    return counts["returned_right"], counts["returned_wrong"], counts["missed"]


print(f"splink {splink.__version__}")
differ = 0
for row in table[:: max(1, len(table) // 8)]:
    splinks = tuple(int(row[name]) for name in ("tp", "fp", "fn"))
    ours = scored(row["truth_threshold"])
    differ += splinks != ours
    print(f"from weight {row['truth_threshold']:g}: Splink tp, fp, fn {splinks}; namesake score {ours}")
sys.exit(1 if differ else 0)
