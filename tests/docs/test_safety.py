"""Every promise of the chapter on safety has a test, and the test is there."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest
from made.documents import PACKAGE, text_of

TESTS: Final = Path(__file__).parents[1]

TESTED: Final = {
    "damaged file": "readers/formats/test_contract.py::test_any_bytes_give_records_or_a_fault_and_never_raise",
    "missing records": "pipeline/test_ingest_bad_records.py::test_a_skipped_bad_record_is_a_row_and_exit_code_1",
    "decompression bomb": "readers/unpack/test_streams.py::test_a_bomb_is_refused_before_it_has_unpacked_far_more",
    "huge document": "readers/formats/test_token_ids.py::test_a_document_over_the_limit_is_a_bad_record",
    "hostile archive": "readers/formats/test_zip.py::test_links_and_unsafe_names_are_not_counted",
    "hostile link": "readers/paths/test_listing.py::test_links_below_a_folder_are_left_out_and_named_links_followed",
    "hostile page": "readers/pages/test_workers.py::test_a_fatal_page_is_the_only_one_that_is_lost",
    "terminal": "reports/formats/test_contract.py::test_control_characters_in_names_are_escaped",
    "spreadsheet": "reports/formats/test_csv.py::test_a_text_cell_is_no_formula_and_controls_nothing",
    "page": "reports/page/test_page_browser.py::test_a_catalog_with_hostile_names_draws_all_figures_and_runs_nothing",
    "shell": "catalog/test_ingesting.py::test_a_source_with_blanks_is_quoted_in_advice",
    "hostile SQL": "cli/commands/test_query.py::test_anything_but_one_select_is_refused_in_one_line",
    "hostile values": "cli/commands/test_query.py::test_parameters_are_bound_and_not_interpreted",
    "hostile view": "catalog/test_connection.py::test_a_view_planted_in_the_catalog_reads_no_file",
    "hostile catalog": "catalog/test_upgrade.py::test_a_hostile_catalog_reaches_no_file_while_it_is_copied",
    "endless query": "audit/test_queries.py::test_a_statement_is_stopped_in_time",
    "huge query": "audit/test_queries.py::test_a_statement_ends_at_the_limit_of_memory",
    "killed command": "faults/test_kills.py::test_a_killed_command_is_finished_by_the_next",
    "full or faulty disk": "faults/test_failing_disk.py::test_a_failing_disk_leaves_the_catalog_whole",
    "full cache folder": "faults/test_failing_disk.py::test_a_failing_cache_changes_no_number",
    "killed upgrade": "catalog/test_upgrade_kills.py::test_a_killed_upgrade_leaves_the_old_or_the_new_catalog_whole",
    "unfinished work": "cli/test_app_stale_groups.py::test_a_command_says_whether_groups_are_stale",
    "temporary files": "core/test_temporary_files.py::test_files_of_living_processes_and_of_users_stay",
    "no memory, no threads": "core/test_shortage.py::test_want_of_threads_is_one_line_and_harms_no_catalog",
    "lost signatures": "dedup/test_repair_signatures.py::test_writers_refuse_before_anything_is_written",
    "lost rows": "catalog/test_row_files.py::test_a_missing_folder_is_named_by_readers_and_writers",
    "output files": "core/test_new_files.py::test_a_failure_leaves_everything_as_it_was",
    "Ctrl-C": "cli/test_app_interrupt.py::test_the_next_ingest_continues_an_interrupted_one",
    "damaged catalog": "catalog/test_connection_damage.py::test_a_flipped_byte_is_noticed_or_changes_nothing",
    "damaged signatures": "catalog/test_signatures.py::test_a_flipped_bit_anywhere_is_noticed",
    "damaged rows": "catalog/test_row_files.py::test_damage_is_noticed_before_anything_is_counted",
    "two writers": "catalog/test_connection_locks.py::test_a_second_writer_is_refused_while_readers_go_on",
    "two names": "catalog/test_exclusive_writer.py::test_no_second_writer_gets_in_by_another_name",
    "open notebook": "catalog/test_patience.py::test_a_writer_waits_longer_than_its_readers_and_says_so_once",
    "readers": "catalog/test_connection_locks.py::test_a_second_writer_is_refused_while_readers_go_on",
    "threads": "catalog/test_connection_threads.py::test_threads_read_one_catalog_at_the_same_time",
}
"""Threat -> file and name of the test that holds the promise."""


def test_every_promise_has_a_test_and_every_test_a_promise() -> None:
    promises = text_of(PACKAGE / "guide" / "safety.md").partition("\n## What tokaudit promises\n")[2]
    threats = re.findall(r"^\| ((?!threat\b|-).+?) \| .+ \|$", promises, re.MULTILINE)

    assert threats == list(TESTED)


@pytest.mark.parametrize("threat", TESTED)
def test_the_test_of_a_promise_is_there(threat: str) -> None:
    file, _, name = TESTED[threat].partition("::")
    functions = ast.walk(ast.parse((TESTS / file).read_text(encoding="utf-8")))

    assert name in {node.name for node in functions if isinstance(node, ast.FunctionDef)}
