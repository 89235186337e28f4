"""Two tools that find like records, each at a plain and sensible setting, on a made corpus.

scikit-learn: ``TfidfVectorizer`` over title and description, as it comes (words, smoothed idf), and in
each country ``NearestNeighbors`` by cosine (brute force, the only one for sparse rows): the ten nearest
with a cosine of at least 0.3. One job: two were slower (12.1 s for 7.9 s at 100,000). Thirty nearest
gave the same recall. ``tuned`` leaves out English stop words, words of one record and words of more
than a tenth of all, dampens counts and works in 32 bits: a fifth to a third faster, recall .01 lower.

Splink 5 on DuckDB with both cores: blocks of one country (lists exploded) and the first sector, which
every planted pair shares; Jaro-Winkler on title and on description with its own thresholds (0.9, 0.7);
u from a million random pairs, its default; m and the share of matches inside a block by expectation
maximisation over pairs of one first country and sector. Kept from a match probability of 0.01: two
comparisons give little certainty, and recall is highest there (.86; at 0.5 it was .65).

Both drop pairs of one organization at the end; partnermap drops them before. Neither was tuned by
somebody who works with it every day.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from generated import Folder
from stages import Pairs, Stages

NEAREST, FLOOR = 10, 0.3
THRESHOLDS, LEAST_PROBABILITY = (0.9, 0.7), 0.01
PLAIN: dict[str, object] = {}
TUNED: dict[str, object] = {"sublinear_tf": True, "stop_words": "english", "min_df": 2, "max_df": 0.1, "dtype": np.float32}


def sklearn_pairs(folder: Folder, stages: Stages, words: dict[str, object]) -> Pairs:
    """Pairs of scikit-learn's nearest neighbours in each country."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import NearestNeighbors

    with stages("read"):
        ids: list[str] = []
        texts: list[str] = []
        for batch in folder.columns("Activity", ["id", "title", "description"]):
            some, titles, descriptions = (column.to_pylist() for column in batch.columns)
            ids += some
            texts += [f"{title} {description}" for title, description in zip(titles, descriptions, strict=True)]
        position = {key: n for n, key in enumerate(ids)}
        teller = np.zeros(len(ids), dtype=object)
        for batch in folder.columns("REPORTS", ["from_id", "to_id"]):
            for org, key in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                teller[position[key]] = org
        countries: dict[str, list[int]] = defaultdict(list)
        for batch in folder.columns("LOCATED_IN", ["from_id", "to_id"]):
            for key, country in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                countries[country].append(position[key])
    with stages("tf-idf"):
        matrix = TfidfVectorizer(**words).fit_transform(texts)
    with stages("neighbours"):
        found: set[tuple[int, int]] = set()
        for members in countries.values():
            rows = np.array(members)
            inside = matrix[rows]
            nearest = NearestNeighbors(n_neighbors=min(NEAREST + 1, len(rows)), metric="cosine").fit(inside)
            distances, near = nearest.kneighbors(inside)
            i, j = np.nonzero(distances <= 1 - FLOOR)
            one, other = rows[i], rows[near[i, j]]
            apart = teller[one] != teller[other]  # a row itself among them
            pairs = zip(np.minimum(one, other)[apart].tolist(), np.maximum(one, other)[apart].tolist(), strict=True)
            found.update(pairs)
    return {(ids[i], ids[j]) for i, j in found}


def splink_pairs(folder: Folder, stages: Stages) -> Pairs:
    """Pairs of Splink over DuckDB."""
    import duckdb
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    with stages("read"):
        connection = duckdb.connect()
        connection.execute(f"""
            CREATE TABLE records AS
            SELECT a.id AS unique_id, a.title, nullif(a.description, '') AS description, org, sector, countries
            FROM '{folder.path}/Activity.parquet' a
            JOIN (SELECT to_id AS id, min(from_id) AS org FROM '{folder.path}/REPORTS.parquet' GROUP BY 1) USING (id)
            JOIN (SELECT from_id AS id, min(to_id) AS sector FROM '{folder.path}/IN_SECTOR.parquet' GROUP BY 1) USING (id)
            JOIN (SELECT from_id AS id, list(to_id ORDER BY to_id) AS countries FROM '{folder.path}/LOCATED_IN.parquet' GROUP BY 1) USING (id)
            ORDER BY 1""")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[compare.JaroWinklerAtThresholds(name, list(THRESHOLDS)) for name in ("title", "description")],
        blocking_rules_to_generate_predictions=[block_on("countries", "sector", arrays_to_explode=["countries"])],
        retain_matching_columns=False,
        additional_columns_to_retain=["org"],
    )
    with stages("u"):
        linker = Linker(DuckDBAPI(connection).register("records"), settings, log_level="ERROR")
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    with stages("expectation maximisation"):
        linker.training.estimate_parameters_using_expectation_maximisation(
            "l.sector = r.sector AND l.countries[1] = r.countries[1]",
            populate_probability_two_random_records_match_from_trained_values=True,
        )
    with stages("predict"):
        table = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY).physical_name
        rows = connection.execute(f"SELECT unique_id_l, unique_id_r FROM {table} WHERE org_l <> org_r").fetchall()
    return {(min(pair), max(pair)) for pair in rows}
