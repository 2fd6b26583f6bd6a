"""Links one file with Splink 5 on DuckDB: python splink-link.py CASE FILE CLUSTERS_CSV PAIRS_CSV. Prints one line of JSON: seconds, CPU seconds, peak memory.

Settings are those Splink publishes for the file (its documentation, demos/examples/duckdb): febrl3 and deduplicate_50k_synthetic. For a hospital's
records it publishes none; its comparisons made for names and dates of birth and its exact match for numbers are used as they come.
"""
import json
import logging
import resource
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.5


def febrl(con, file):
    rows = con.sql(f"select * from read_csv('{file}', all_varchar = true)")
    columns = ", ".join(f'trim("{name}") as "{name.strip()}"' for name in rows.columns)
    data = con.sql(f"select {columns} from rows")
    rules = [block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")]
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ]
    certain = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]
    return data, "rec_id", rules, comparisons, certain, 0.9, 1e6, [block_on("date_of_birth"), block_on("postcode")], False


def historical(con, file):
    data = con.sql(f"select *, first_name || ' ' || surname as both_names from read_parquet('{file}')")
    rules = [
        block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake,1,3)", "dob"),
        block_on("substr(postcode_fake,1,3)", "first_name"),
        block_on("substr(postcode_fake,1,3)", "surname"),
        block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]
    comparisons = [
        cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="both_names"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]
    certain = [
        block_on("first_name", "surname", "dob"),
        block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
        block_on("dob", "postcode_fake"),
    ]
    return data, "unique_id", rules, comparisons, certain, 0.6, 1e7, [block_on("first_name", "surname"), block_on("dob")], True


def hospital(con, file):
    data = con.sql(f"select * from read_csv('{file}', all_varchar = true)")
    rules = [
        block_on("id_number"),
        block_on("mrn"),
        block_on("phone"),
        block_on("name", "birth_date"),
        block_on("name", "address"),
    ]
    comparisons = [
        cl.NameComparison("name"),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.ExactMatch("sex"),
        cl.DamerauLevenshteinAtThresholds("id_number", [2]),
        cl.ExactMatch("mrn"),
        cl.ExactMatch("insurance_number"),
        cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
        cl.ExactMatch("address").configure(term_frequency_adjustments=True),
    ]
    certain = [block_on("id_number"), block_on("mrn"), block_on("name", "phone")]
    return data, "record_id", rules, comparisons, certain, 0.9, 1e7, [block_on("mrn"), block_on("name", "phone")], False


CASES = {"febrl": febrl, "historical": historical, "hospital": hospital}


def main(case, file, clusters_csv, pairs_csv):
    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.perf_counter()
    con = duckdb.connect()
    con.execute("set threads = 2")
    data, key, rules, comparisons, certain, recall, pairs_max, training, is_fixed = CASES[case](con, file)
    settings = SettingsCreator(
        unique_id_column_name=key, link_type="dedupe_only", blocking_rules_to_generate_predictions=rules, comparisons=comparisons
    )
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register(data), settings)
    linker.training.estimate_probability_two_random_records_match(certain, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs_max, seed=2)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=is_fixed)
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=THRESHOLD)
    found = clusters.as_duckdbpyrelation().project(f'"{key}" as record_id, cluster_id')
    found.write_csv(clusters_csv)
    pairs.as_duckdbpyrelation().project(f'"{key}_l" as a, "{key}_r" as b').write_csv(pairs_csv)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": seconds, "cpuSeconds": used.ru_utime + used.ru_stime, "peakMemoryMb": round(used.ru_maxrss / 1024)}))


main(*sys.argv[1:])
