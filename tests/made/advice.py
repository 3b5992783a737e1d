"""Messages with advice: the call that provokes each, and the calls that follow its advice."""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from made.advice_states import (
    Setup,
    a_pipe,
    change_unseen,
    cut_off,
    damage_signatures,
    empty_catalog,
    leave_out,
    link_to_itself,
    little_python,
    lock_not_writable,
    no_hub,
    no_migration,
    of_another_program,
    older_catalog_without_its_files,
    on_a_narrow_terminal,
    opening_fails,
    remove_signatures,
    settings_of,
    write_settings,
    writing,
)
from made.pages import extracted_otherwise


@dataclass(frozen=True)
class Case:
    """A message with advice, and what follows the advice.

    Attributes:
        provoke: calls that say it, without ``tokaudit``; all but the last are made for what they leave behind.
        then: calls that follow the advice.
        code: exit code of the last call of ``provoke``.
        before: what is done first, and undone before the advice is followed.
        in_part: whether ``then`` may leave with 1, as what was not counted is not an error.
    """

    provoke: list[str]
    then: list[str]
    code: int = 2
    before: Setup = field(default=nullcontext)
    in_part: bool = False


INGEST = "ingest a.jsonl --domain web --source a"
APART = "--catalog b.duckdb ingest b.jsonl --domain web --source b"
PIPED = "ingest - --domain web --source s --reader jsonl"
SITE = "ingest --domain web --source site site"
HUGE = '"select len(list(range)) as n from range(3000000)"'
ENDLESS = '"select count(*) from range(10000000000) a, range(1000) b where hash(a.range, b.range) = 1"'
SUPPLY = "--supply web=1T,code=1T"
WIDE = "\"select range as n, repeat('x', 30) as a, repeat('y', 30) as b from range(50)\""
FLOPS = "flops --layers 2 --width 64 --heads 4 --tokens 1B"
CASES = {
    "everyday name of a law": Case(
        ["plan --flops 1e24 --law chinchilla"], ["laws", "plan --flops 1e24 --law hoffmann2022-approach3"], 0
    ),
    "figures without parabolas": Case(
        ["plot isoflop-fit runs.csv --draws 0 -o a.svg"],
        ["plot isoflop-fit budgets.csv --draws 0 --method isoflop -o a.svg"],
        3,
    ),
    "folder of work that is a file": Case([f"{INGEST} --work a.jsonl/w"], [f"{INGEST} --work w"], 3),
    "figures of a plan": Case(["plot supply --help"], ["plan --flops 1e20 --supply web=1T,code=1T"], 0),
    "figures of a forecast": Case(["plot forecast --help"], ["forecast --samples 100"], 0),
    "figures of a fit": Case(["plot draws --help"], ["fit runs.csv --draws 0"], 0),
    "figures of a catalog": Case(
        ["plot unique --help"], [INGEST, "plot unique --catalog tokaudit.duckdb -o unique.svg"], 0
    ),
    "bare help": Case(["--help"], ["plan --help"], 0),
    "unknown option": Case(["status --nope"], ["status --help"]),
    "empty catalog, status": Case(["status"], [INGEST, "status"], 0, empty_catalog),
    "empty catalog, supply": Case(["supply"], [INGEST, "supply"], 2, empty_catalog),
    "empty catalog, plan": Case(
        ["plan --flops 1e20 --supply measured"], [INGEST, "plan --flops 1e20 --supply measured"], 2, empty_catalog
    ),
    "neither catalog nor plan to report on": Case(
        ["report a.html"], [INGEST, "report a.html", f"report b.html --flops 1e24 {SUPPLY}"], 4
    ),
    "no page to write": Case([INGEST, "report"], ["report report.html", "report --card"]),
    "a page and more": Case([INGEST, "report a.html b"], [f"report b.html --flops 1e24 {SUPPLY}"]),
    "a page and a card": Case([INGEST, "report a.html --card a.md"], ["report a.html", "report --card a.md"]),
    "a card of a plan": Case([INGEST, "report --card a.md --flops 1e24"], ["report --card a.md"]),
    "no catalog": Case(["status"], [INGEST, "status", "--catalog tokaudit.duckdb status"], 4),
    "catalog without tables": Case(["status"], ["upgrade", "status", INGEST], 4, no_migration),
    "catalog being written": Case([INGEST], [INGEST, f"--catalog other.duckdb {INGEST}"], 4, writing),
    "two selects": Case([INGEST, 'query "select 1; select 2"'], ["query --list", "query sources", 'query "select 1"']),
    "no query": Case(["query"], ["query --list"]),
    "SQL of SQL": Case(['query "select 1" --sql'], ["query --list", "query sources --sql"]),
    "slow query": Case([INGEST, f"query {ENDLESS} --timeout 0.2"], ['query "select 1" --timeout 60'], 3),
    "more rows": Case([INGEST, 'query "from range(5)" --max-rows 2'], ['query "from range(5)" --max-rows 5'], 0),
    "large query": Case([INGEST, f"query {HUGE} --memory 8MiB"], [f"query {HUGE} --memory 1GiB"], 3),
    "large answer": Case(
        [INGEST, 'query "from range(99999)" --memory 8MiB'],
        ['query "from range(99999)" --memory 64MiB', 'query "from range(99999)" --memory 8MiB --max-rows 5'],
        3,
    ),
    "no file to export to": Case([INGEST, "export"], ["export --kept a.parquet", "export --dropped b.parquet"]),
    "one file for two exports": Case(
        [INGEST, "export --kept a.parquet --dropped a.parquet"], ["export --kept a.parquet --dropped b.parquet"]
    ),
    "more duplicates": Case(["ingest twice.jsonl --domain web", "duplicates --limit 1"], ["duplicates --limit 2"], 0),
    "bad records of a source": Case(
        ["ingest bad.jsonl --domain web --on-bad-record skip", "compare bad.jsonl FineWeb"], ["errors"], 0
    ),
    "bad records of a catalog": Case(["ingest bad.jsonl --domain web --on-bad-record skip", "supply"], ["errors"], 0),
    "bad records of an ingest": Case(["ingest bad.jsonl --domain web --on-bad-record skip"], ["errors"], 1),
    "codes": Case(
        ["ingest bad.jsonl --domain web --on-bad-record skip", "explain"],
        [
            *("explain text_type", "retry", "ingest lists.jsonl --domain web --text-field 'text[]'"),
            *("ingest strange/page.unheard --domain web --reader text", "ingest a.jsonl --domain web --source a"),
        ],
        0,
        in_part=True,
    ),
    "codes of errors": Case(["ingest bad.jsonl --domain web --on-bad-record skip", "errors"], ["explain text_type"], 0),
    "show a bad record": Case(
        ["ingest bad.jsonl --domain web --on-bad-record skip", "show bad.jsonl 1"], ["explain text_type"], 3
    ),
    "show a changed record": Case([INGEST, "show a.jsonl 0"], ["verify a"], 3, in_part=True),
    "still bad": Case(["ingest bad.jsonl --domain web --on-bad-record skip", "retry"], ["errors"], 1),
    "tokenizer moved": Case(
        ["ingest bad.jsonl --domain web --on-bad-record skip --tokenizer mine/tokenizer.json", "retry"],
        ["ingest bad.jsonl --domain web --source bad.jsonl --tokenizer ours/tokenizer.json --on-bad-record skip"],
        in_part=True,
    ),
    "repeats of a catalog": Case(["ingest repeats.jsonl --domain web", "supply"], ["query repeated_inside"], 0),
    "no check sums": Case([INGEST, "supply"], ['query "select path from files where not checked"'], 0),
    "no reader": Case([INGEST, "supply"], ["query left_out"], 0),
    "bad record": Case(
        ["ingest bad.jsonl --domain web"], ["ingest bad.jsonl --domain web --on-bad-record skip"], 3, in_part=True
    ),
    "store of ids without a tokenizer": Case(
        ["ingest store.bin --domain web"], ["ingest store.bin --domain web --tokenizer cl100k_base"]
    ),
    "store of ids without an index": Case(
        ["ingest lone.npy --domain web --tokenizer cl100k_base"],
        ["ingest lone.npy --domain web --tokenizer cl100k_base --reader token-ids"],
        3,
    ),
    "store of ids and another tokenizer": Case(
        [
            "ingest store.bin --domain web --tokenizer cl100k_base",
            "ingest store.bin --domain web --tokenizer o200k_base",
        ],
        [
            "ingest store.bin --domain web --tokenizer cl100k_base",
            "forget store.bin",
            "ingest store.bin --domain web --tokenizer o200k_base",
        ],
    ),
    "record over the limit": Case(
        ["ingest a.jsonl --domain web --limit record=100B"], ["ingest a.jsonl --domain web --limit record=1MB"], 3
    ),
    "label over the limit": Case(
        ["ingest a.jsonl --domain web --label name=text --limit label=100B"],
        ["ingest a.jsonl --domain web --label name=text --limit label=1MB"],
        3,
    ),
    "file over the limit": Case(
        ["ingest packed.jsonl.gz --domain web --limit total=100B"],
        ["ingest packed.jsonl.gz --domain web --limit total=1MB"],
        3,
    ),
    "archive over the limit": Case(
        ["ingest two.tar --domain web --limit members=1"], ["ingest two.tar --domain web --limit members=2"], 3
    ),
    "filter that nothing meets": Case(
        [INGEST, "plan --flops 1e20 --where 'bytes < 0'"], ["query labels", "plan --flops 1e20 --where 'bytes > 0'"]
    ),
    "filter on a supply that is not measured": Case(
        [INGEST, f"plan --flops 1e20 {SUPPLY} --where 'bytes > 0'"],
        ["plan --flops 1e20 --supply measured --where 'bytes > 0'", f"plan --flops 1e20 {SUPPLY}"],
    ),
    "synthetic text of what is not published": Case(
        [f"plan --flops 1e20 {SUPPLY} --count-synthetic"], ["plan --flops 1e20 --supply published --count-synthetic"]
    ),
    "filter without counts": Case(
        ["plan --flops 1e20 --where 'bytes > 0'"], [INGEST, "plan --flops 1e20 --where 'bytes > 0'"]
    ),
    "origins": Case(["ingest kinds.jsonl --domain web --label origin=origin", "supply"], ["supply --by origin"], 0),
    "strange origin": Case(
        ["ingest kinds.jsonl --domain web --label origin=kind"],
        ["ingest kinds.jsonl --domain web --label origin=origin"],
        3,
    ),
    "label of a column": Case(
        [f"{INGEST} --label domain=kind"], ["ingest kinds.jsonl --domain web --label kind=kind", "supply --by kind"]
    ),
    "language twice": Case(
        [f"{INGEST} --language --label language=kind"],
        [f"{INGEST} --language", "ingest kinds.jsonl --domain web --label language=kind", "supply --by language"],
    ),
    "language that is no field": Case(
        [f'{INGEST} --label "language=detected by hand"'], [f"{INGEST} --language", "supply --by language"]
    ),
    "language of token ids": Case(
        ["ingest store.bin --domain web --tokenizer cl100k_base --language"],
        ["ingest store.bin --domain web --tokenizer cl100k_base"],
    ),
    "another tokenizer": Case(
        [INGEST, "supply --tokenizer o200k_base"],
        [f"{INGEST} --tokenizer o200k_base", "supply --tokenizer o200k_base"],
    ),
    "nodes of no cluster": Case(
        ["estimate a.jsonl --domain web --nodes 2"], ["estimate a.jsonl --domain web --nodes 2 --engine ray"]
    ),
    "no groups": Case([f"{INGEST} --no-groups"], ["resume", "supply"], 0),
    "a stage too early": Case(
        [f"{INGEST} --no-groups", "stage pairs --rank 0/1"], ["stage shared --rank 0/1", "stage pairs --rank 0/1"], 3
    ),
    "unfinished work": Case([INGEST, "supply"], ["resume", "supply"], 0),
    "a name that is too long": Case([f"--catalog {'x' * 300} status"], [INGEST, "status"], 4),
    "a link that leads to itself": Case([INGEST], [INGEST], 4, link_to_itself),
    "a pipe in place of the catalog": Case([INGEST], [INGEST], 4, a_pipe),
    "signatures gone": Case(
        [INGEST, "ingest twice.jsonl b.jsonl --domain web"],
        ["verify --repair", "ingest twice.jsonl b.jsonl --domain web"],
        4,
    ),
    "folder of signatures gone": Case([INGEST, "forget a"], ["verify --repair", "forget a"], 4),
    "signatures damaged": Case(
        [INGEST, "ingest twice.jsonl b.jsonl --domain web"],
        ["verify --repair", "ingest twice.jsonl b.jsonl --domain web"],
        4,
    ),
    "verify finds signatures gone": Case([INGEST, "verify"], ["verify --repair", "verify"], 1),
    "a file that changed unseen": Case(
        [INGEST, f"{INGEST} --tokenizer o200k_base"], ["forget a", f"{INGEST} --tokenizer o200k_base"], 3
    ),
    "nothing by any tokenizer": Case(
        [INGEST, "forget a", "supply --tokenizer o200k_base"],
        [f"{INGEST} --tokenizer o200k_base", "supply --tokenizer o200k_base"],
    ),
    "damaged catalog": Case(
        ["status"], [f"--catalog other.duckdb {INGEST}"], 4, opening_fails(duckdb.Error("bad sum"))
    ),
    "catalog of another program": Case(["status"], [f"--catalog other.duckdb {INGEST}"], 4, of_another_program),
    "catalog that can't be opened": Case(
        ["status"], [f"--catalog other.duckdb {INGEST}"], 4, opening_fails(duckdb.IOException("denied"))
    ),
    "catalog that is a folder": Case([f"--catalog many {INGEST}"], [f"--catalog other.duckdb {INGEST}"], 4),
    "catalog in no folder": Case([f"--catalog nowhere/x.duckdb {INGEST}"], [f"--catalog many/x.duckdb {INGEST}"], 4),
    "catalog that can't be written": Case([INGEST], [INGEST], 4, lock_not_writable),
    "a file of another source": Case(
        [INGEST, "ingest a.jsonl --domain web --source b"], ["forget a", "ingest a.jsonl --domain web --source b"]
    ),
    "a source of another domain": Case(
        [INGEST, "ingest b.jsonl --domain books --source a"],
        ["ingest b.jsonl --domain books --source b", "forget a", "ingest a.jsonl --domain books --source a"],
    ),
    "merge into itself": Case([INGEST, "merge tokaudit.duckdb"], ["--catalog other.duckdb merge tokaudit.duckdb"]),
    "merge without signatures": Case(
        [APART, "merge b.duckdb"], ["--catalog b.duckdb verify --repair", "merge b.duckdb"], 4
    ),
    "merge of a source of two domains": Case(
        [INGEST, "--catalog b.duckdb ingest b.jsonl --domain books --source a", "merge b.duckdb"],
        ["--catalog b.duckdb forget a", APART, "merge b.duckdb"],
    ),
    "merge of a file of two sources": Case(
        [INGEST, "--catalog b.duckdb ingest a.jsonl --domain web --source b", "merge b.duckdb"],
        ["--catalog b.duckdb forget b", f"--catalog b.duckdb {INGEST}", "merge b.duckdb"],
    ),
    "merge of two laws": Case(
        [
            "fit runs.csv --save ours --draws 0",
            "--catalog b.duckdb fit dense.csv --save ours --draws 0",
            "merge b.duckdb",
        ],
        ["--catalog b.duckdb laws --forget ours", "merge b.duckdb"],
    ),
    "merge of two plans": Case(
        [
            f"plan --flops 1e24 {SUPPLY} --save ours",
            f"--catalog b.duckdb plan --flops 1e25 {SUPPLY} --save ours",
            "merge b.duckdb",
        ],
        ["--catalog b.duckdb plans --forget ours", "merge b.duckdb"],
    ),
    "merge of pairs whose files are gone": Case([INGEST, APART, "merge b.duckdb"], ["verify"], 0, in_part=True),
    "older catalog, files gone": Case(
        ["ingest a.jsonl --domain web"],
        [f"--catalog other.duckdb {INGEST}", "forget blog", "forget books", "forget code", "forget web", INGEST],
        4,
        older_catalog_without_its_files,
    ),
    "files gone": Case(
        ["ingest many --domain web", "ingest many --domain web"], ["forget many", "ingest many --domain web"], 0
    ),
    "nothing to count": Case(["ingest strange --domain web"], ["ingest strange --domain web --reader text"]),
    "nothing but JSON without a text": Case(
        ["ingest records --domain web"], ["ingest records --domain web --text-field summary"]
    ),
    "an array of another name": Case(
        ["ingest array.jsonl --domain web"], ["ingest array.jsonl --domain web --reader json"], 3
    ),
    "a list of texts": Case(
        ["ingest lists.jsonl --domain web"],
        ["ingest lists.jsonl --domain web --text-field 'lists.jsonl=text[]'"],
        3,
    ),
    "files that an ingest would leave out": Case(
        ["estimate many hidden --domain web"], ["ingest many hidden --domain web --dry-run"], 0
    ),
    "a counted file that is excluded": Case(
        ["ingest many --domain web", "ingest many --domain web --exclude two.jsonl"],
        ["forget many", "ingest many --domain web --exclude two.jsonl"],
        0,
    ),
    "no field": Case(
        ["ingest summary.jsonl --domain web"],
        [
            "ingest summary.jsonl --domain web --text-field summary.jsonl=summary",
            "ingest . --domain web --source all --include '[ab].jsonl' --exclude summary.jsonl",
        ],
        3,
    ),
    "a rule without the field of the others": Case(
        [
            "ingest summary.jsonl --domain web --text-field summary",
            "ingest summary.jsonl b.jsonl --domain web --text-field b.jsonl=text",
        ],
        ["ingest summary.jsonl b.jsonl --domain web --text-field summary --text-field b.jsonl=text"],
    ),
    "usual field": Case(["ingest body.jsonl --domain web"], ["ingest body.jsonl --domain web --text-field body"], 0),
    "misspelt field": Case(
        ["ingest body.jsonl --domain web --text-field =body"], ["ingest body.jsonl --domain web --text-field body"]
    ),
    "left out": Case(["ingest hidden a.jsonl --domain web --source a"], ["query left_out"], 0),
    "no column": Case(
        ["ingest summary.parquet --domain web"],
        [
            "ingest summary.parquet --domain web --text-field summary.parquet=summary",
            "ingest . --domain web --source all --include '[ab].jsonl' --exclude summary.parquet",
        ],
        3,
    ),
    "no hub": Case(
        ["ingest a.jsonl --domain web --tokenizer some/repository"],
        ["tokenizers", "ingest a.jsonl --domain web --tokenizer cl100k_base"],
        3,
        no_hub,
    ),
    "demo": Case(
        ["demo"],
        [f"--catalog tokaudit-demo.duckdb {call}" for call in ("supply --by language", "duplicates", "query --list")],
        0,
        little_python,
    ),
    "unknown law": Case(
        ["plan --flops 1e24 --law nobody"], ["fit runs.csv --save nobody --draws 0", "plan --flops 1e24 --law nobody"]
    ),
    "saved law": Case(["fit runs.csv --save ours --draws 0"], ["plan --flops 1e24 --law ours"], 0),
    "law there already": Case(
        ["fit runs.csv --save ours --draws 0", "fit runs.csv --save ours"],
        ["fit runs.csv --save ours --draws 0 --force"],
    ),
    "saved plan": Case(["plan --flops 1e24 --save ours"], ["plans ours", "plans"], 0),
    "no saved plan": Case(["plans"], ["plan --flops 1e24 --save ours", "plans"], 0, empty_catalog),
    "plan there already": Case(
        ["plan --flops 1e24 --save ours", "plan --flops 1e24 --save ours"], ["plan --flops 1e24 --save ours --force"]
    ),
    "catalogs of different vocabularies": Case(
        [
            "--catalog b.duckdb ingest a.jsonl --domain web --source a --tokenizer o200k_base",
            *(f"--catalog a.duckdb {INGEST}", "diff a.duckdb b.duckdb"),
        ],
        [f"--catalog b.duckdb {INGEST} --tokenizer cl100k_base", "diff a.duckdb b.duckdb"],
    ),
    "description without a law": Case(
        ["fit runs.csv --params-counted active"], ["fit runs.csv --params-counted active --save ours --draws 0"]
    ),
    "repeats, isoflop": Case(
        ["fit few.csv --method isoflop"], ["fit few.csv --method isoflop --drop 'epochs>1' --draws 0"], 3
    ),
    "base, isoflop": Case(
        ["fit repeats.csv --method isoflop --base besiroglu2024"],
        ["fit repeats.csv --method parametric --base besiroglu2024 --draws 0"],
    ),
    "no budgets": Case(["fit dense.csv --method isoflop"], ["fit dense.csv --method parametric --draws 0"], 3),
    "few repeats": Case(["fit few.csv"], ["fit few.csv --drop 'epochs>1' --draws 0"], 3),
    "few repeats, base": Case(["fit runs.csv --base besiroglu2024"], ["fit runs.csv --draws 0"], 3),
    "FLOPs and parameters": Case(["plan --flops 1e24 --params 1B"], ["plan --flops 1e24", "plan --params 1B"]),
    "not a law, not a ratio": Case(["forecast --law 7b-ours"], ["laws", "forecast --law 20 --samples 200"]),
    "active parameters": Case(
        ["fit runs.csv --params-counted active --save ours --draws 20", "plan --flops 1e24 --law ours -v"],
        ["plan --params 1B --tokens 20B --law ours"],
        0,
    ),
    "file there already": Case(
        ["plan --flops 1e24 --markdown plan.md", "plan --flops 1e24 --markdown plan.md"],
        ["plan --flops 1e24 --markdown plan.md --force"],
    ),
    "no budget": Case(
        ["plan"],
        [
            *("plan --flops 1e24", "plan --params 1B", "plan --tokens 20B", "plan --params 1B --tokens 20B"),
            "plan --gpu h100-sxm --gpus 8 --days 2",
        ],
    ),
    "GPUs of no name": Case(["plan --gpus 8 --days 2"], ["plan --gpus 8 --days 2 --gpu h100-sxm"]),
    "two budgets": Case(
        ["plan --flops 1e24 --gpus 8 --days 2 --price-gpu-hour 2"], ["plan --gpus 8 --days 2 --price-gpu-hour 2"]
    ),
    "hardware without a price": Case(
        ["plan --flops 1e24 --gpu h100-sxm"], ["plan --flops 1e24 --gpu h100-sxm --price-gpu-hour 2"]
    ),
    "price of no hardware": Case(
        ["plan --flops 1e24 --price-gpu-hour 2 -v"], ["plan --flops 1e24 --price-gpu-hour 2 --gpu h100-sxm"], 0
    ),
    "incomplete hardware": Case(["plan --gpu h100-sxm"], ["plan --gpu h100-sxm --gpus 8 --days 2"]),
    "unimax": Case(
        [f"plan --flops 1e24 {SUPPLY} --mixture unimax -v"],
        [f"plan --flops 1e24 {SUPPLY} --mixture unimax --max-epochs 2"],
        0,
    ),
    "domain without a supply": Case(
        ["plan --flops 1e24 --supply web=1T --mixture web=0.5,code=0.5"],
        [f"plan --flops 1e24 {SUPPLY} --mixture web=0.5,code=0.5", "plan --flops 1e24 --supply web=1T --mixture web=1"],
    ),
    "supply by numbers": Case([f"plan --flops 1e24 {SUPPLY}"], [f"plan --flops 1e24 {SUPPLY} -v"], 0),
    "experts without tokens": Case(
        ["plan --params 37B --params-total 671B"], ["plan --params 37B --params-total 671B --tokens 14.8T"]
    ),
    "more active parameters than all": Case(
        ["plan --params 37B --params-total 7B --tokens 1T"], ["plan --params 7B --params-total 37B --tokens 1T"]
    ),
    "mixture of experts": Case(
        ["plan --params 37B --params-total 671B --tokens 14.8T"], ["guide fitting", "fit runs.csv --draws 0"], 0
    ),
    "parameters of a known mixture of experts": Case(
        ["plan --params 671B --tokens 14.8T"], ["plan --params 37B --params-total 671B --tokens 14.8T"], 0
    ),
    "tokens given twice": Case(
        [f"plan --params 7B --tokens 1T {SUPPLY} --stage 'main 1T web=1'"],
        [f"plan --params 7B {SUPPLY} --stage 'main 1T web=1'"],
    ),
    "two mixtures": Case(
        [f"plan --params 7B --mixture web=1 {SUPPLY} --stage 'main 100% web=1'"],
        [f"plan --params 7B {SUPPLY} --stage 'main 100% web=1' -v"],
    ),
    "stages": Case(
        [f"plan --params 7B {SUPPLY} --stage 'main 100% web=1' -v"],
        [f"plan --params 7B {SUPPLY} --stage 'main 90% web=1' --stage 'end 10% code=1'"],
        0,
    ),
    "verdict near its turning point": Case(
        ["plan --flops 1e25 --supply code=900B"], ["plan --flops 1e25 --supply code=900B --tokenizer gpt2"], 0
    ),
    "unknown verdict to stop at": Case(
        ["plan --flops 1e24 --fail-on money"],
        [f"plan --flops 1e24 {SUPPLY} --fail-on data", f"plan --flops 1e24 {SUPPLY} --fail-on data:sure"],
    ),
    "shares as given": Case(
        [f"plan --flops 1e24 {SUPPLY} --mixture web=0.5,code=0.5 -v"],
        [f"plan --flops 1e24 {SUPPLY} --mixture web=0.6,code=0.4"],
        0,
    ),
    "heads": Case(
        ["flops --layers 2 --width 100 --heads 3 --tokens 1B"],
        ["flops --layers 2 --width 100 --heads 3 --tokens 1B --key-size 32"],
    ),
    "heads of keys": Case(
        ["flops --layers 2 --width 64 --heads 4 --kv-heads 3 --tokens 1B"],
        ["flops --layers 2 --width 64 --heads 4 --kv-heads 2 --tokens 1B"],
    ),
    "too fast": Case(
        [f"{FLOPS} --tokens-per-second 1e12 --gpu h100-sxm --gpus 8"],
        [f"{FLOPS} --tokens-per-second 1e12 --gpu h100-sxm --gpus 1e6"],
    ),
    "columns left out": Case([INGEST, f"query {WIDE}"], [f"query {WIDE} --format json"], 0, on_a_narrow_terminal),
    "experts": Case(
        ["flops --layers 2 --width 64 --heads 4 --experts-active 2 --tokens 1B"],
        ["flops --layers 2 --width 64 --heads 4 --experts-active 2 --experts 8 --tokens 1B"],
    ),
    "stdin without a source": Case(["ingest - --domain web --reader jsonl"], [PIPED]),
    "stdin without a reader": Case(["ingest - --domain web --source s"], [PIPED]),
    "stdin for a reader of folders": Case(
        ["ingest - --domain web --source s --reader hub"], ["ingest a.jsonl --domain web --source s"]
    ),
    "other extractor": Case(
        [f"{SITE}/0000.html", f"{SITE}"],
        ["forget site", SITE],
    ),
    "other extractor of another source": Case([SITE, INGEST], ["forget site", SITE], 0),
    "other bytes from stdin": Case(
        [PIPED, PIPED],  # nothing is left for the second
        [PIPED.replace("source s", "source other")],
        0,
    ),
    "no file of settings": Case(["run"], ["guide config"]),
    "source of a file whose text belongs to another": Case(
        ["ingest a.jsonl --domain web --source old", "run"], ["forget old", "run"], before=settings_of("a")
    ),
    "source of a file that is counted otherwise": Case(["run", "run"], ["forget a", "run"], before=settings_of("a")),
    "source that a file no longer has": Case(["run", "run -q", "run"], ["forget a", "run"], 0, settings_of("a")),
    "unknown corpus": Case(["corpora nothing-like-it"], ["corpora"]),
    "no corpora": Case(
        ["plan --flops 1e24 --supply published:"], ["corpora", "plan --flops 1e24 --supply published:SlimPajama"]
    ),
}
BETWEEN: dict[str, Callable[[], object]] = {
    "unfinished work": cut_off,
    "signatures gone": remove_signatures,
    "folder of signatures gone": lambda: shutil.rmtree("tokaudit.duckdb.parts"),
    "signatures damaged": damage_signatures,
    "merge without signatures": lambda: shutil.rmtree("b.duckdb.parts"),
    "merge of pairs whose files are gone": lambda: Path("a.jsonl").unlink(),
    "verify finds signatures gone": remove_signatures,
    "a file that changed unseen": change_unseen,
    "show a changed record": change_unseen,
    "other extractor": lambda: extracted_otherwise(Path("tokaudit.duckdb"), "site"),
    "other extractor of another source": lambda: extracted_otherwise(Path("tokaudit.duckdb"), "site"),
    "tokenizer moved": lambda: Path("mine").rename("ours"),
    "no reader": leave_out,
    "source of a file that is counted otherwise": lambda: write_settings("a", domain="books"),
    "source that a file no longer has": lambda: write_settings("b"),
    "files gone": lambda: Path("many/two.jsonl").unlink(),
}
"""What is done before the last call of ``provoke``."""
