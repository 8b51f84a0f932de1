"""Makes two labelled files of people who have nothing to do with each other: names, birth dates and addresses are drawn
each on its own from a file that Namesake made. There are no families, twins or neighbours, and half of each file is in
the other.

    namesake generate --people 1700k --requests 100 --out g1
    python strangers.py g1/holder.csv 1000000 1 OUT

The third argument multiplies all shares of errors below. Writes OUT/a.csv and OUT/b.csv with `entity`, the person.
"""

import sys

import numpy
import pandas

ADDRESS = ["house_number", "street", "city", "zip"]
SLIPS = {
    "given_name": 0.04,
    "surname": 0.04,
    "date_of_birth": 0.03,
    "house_number": 0.03,
    "street": 0.06,
    "city": 0.03,
    "zip": 0.03,
}
MISSING, ANOTHER_GIVEN_NAME, ANOTHER_SURNAME, MOVED = 0.01, 0.02, 0.03, 0.12

source, rows, errors, out = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
random = numpy.random.default_rng(1)
records = pandas.read_csv(source, dtype=str, keep_default_na=False)


def drawn(columns, number):
    return records[columns].iloc[random.integers(0, len(records), number)].reset_index(drop=True)


def put(file, columns, share, others):
    chosen = random.random(len(file)) < share * errors
    file.loc[chosen, columns] = others.loc[chosen, columns]


def slip(text):
    """One letter or digit written wrongly, left out, doubled or exchanged with the next."""
    if not text:
        return text
    place = random.integers(0, len(text))
    letter = text[random.integers(0, len(text))]
    before, here, after = text[:place], text[place], text[place + 1 :]
    slips = [letter + after, after, here + here + after, after[:1] + here + after[1:]]
    return before + slips[random.integers(0, 4)]


def damaged(file):
    for column, share in SLIPS.items():
        chosen = random.random(len(file)) < share * errors
        if column == "date_of_birth":
            chosen &= file[column].str.len() == 8
            last = file.loc[chosen, column]
            file.loc[chosen, column] = last.str[:7] + [str(digit) for digit in random.integers(0, 10, chosen.sum())]
        else:
            file.loc[chosen, column] = [slip(text) for text in file.loc[chosen, column]]
        file.loc[random.random(len(file)) < MISSING * errors, column] = ""
    put(file, ["given_name"], ANOTHER_GIVEN_NAME, drawn(["given_name"], len(file)))
    return file


parts = [["given_name"], ["surname"], ["date_of_birth"], ADDRESS]
people = pandas.concat([drawn(columns, rows * 3 // 2) for columns in parts], axis=1)
for name, first in (("a", 0), ("b", rows // 2)):
    entity = random.permutation(numpy.arange(first, first + rows))
    file = people.iloc[entity].reset_index(drop=True)
    if name == "b":
        put(file, ADDRESS, MOVED, drawn(ADDRESS, rows))
        put(file, ["surname"], ANOTHER_SURNAME, drawn(["surname"], rows))
    file = damaged(file)
    file.insert(0, "record_id", [f"{name}{row}" for row in range(rows)])
    file["entity"] = entity
    file.to_csv(f"{out}/{name}.csv", index=False)
