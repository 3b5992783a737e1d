"""Prints the figures of a case."""

from programs import Figures


def show(case: str, found: Figures) -> None:
    """Print the figures of a case."""
    text = f"{found['text_mb']:,.0f} MB, " if "text_mb" in found else ""
    documents = f"{found['documents']:,} documents, " if "documents" in found else ""
    tokens = f"{found['tokens']:,} tokens" if "tokens" in found else ""
    print(f"\n{case}: {text}{documents}{tokens}".rstrip(", :"))
    for name, program in found.get("programs", {}).items():
        _show_program(name, program)
    for name, ratio in {
        "ratio": found.get("ratio"),
        "CPU ratio": found.get("ratio_cpu"),
        **found.get("ratios", {}),
    }.items():
        if ratio:
            print(f"  {name:32} {ratio['median']:10.2f}   ({ratio['least']:.2f} to {ratio['most']:.2f})")
    for workers, rates in found.get("mb_per_s", {}).items():
        print(f"  {workers} workers: " + ", ".join(f"{rate:.0f}" for rate in rates) + " MB/s after start-up")
    for kind, factors in found.get("factors", {}).items():
        print(
            f"  {kind:12}"
            + "  ".join(f"{name} {factor:.2f}" for name, factor in factors.items() if isinstance(factor, float))
        )
    print(flush=True)


def _show_program(name: str, program: Figures) -> None:
    seconds = " ".join(f"{one:.2f}" for one in program["seconds"])
    rates = ""
    if "mb_per_s" in program:
        rates = f"{program['mb_per_s']:8.1f} MB/s"
    if "documents_per_s" in program:
        rates += f" {program['documents_per_s']:12,.0f} documents/s {program['tokens_per_s']:14,.0f} tokens/s"
    if "cpu_seconds" in program:
        rates += f"  CPU {' '.join(f'{one:.1f}' for one in program['cpu_seconds'])} s"
    print(f"  {name:32} {seconds} s {rates}  peak {program['peak_mib']:,.0f} MiB")
