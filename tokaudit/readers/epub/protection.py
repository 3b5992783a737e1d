"""Whether a book is encrypted: protection against copying, not the scrambling of fonts, which hides no text."""

from collections.abc import Mapping
from typing import Final

from tokaudit.readers.archives.members import shown
from tokaudit.readers.epub.contents import Contents
from tokaudit.readers.epub.xml_elements import attribute, local_name, read_elements
from tokaudit.readers.faults import FileFault

_ENCRYPTION: Final = "META-INF/encryption.xml"
# The licences of Adobe ADEPT and Apple FairPlay, which lie next to encrypted parts.
_LICENCES: Final = ("META-INF/rights.xml", "META-INF/sinf.xml")
# Algorithms for fonts alone: https://www.w3.org/TR/epub-33/#sec-font-obfuscation, and that of Adobe.
_FONTS: Final = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_WHY: Final = "tokaudit can't read it"


def check_readable(contents: Contents) -> None:
    """Check that nothing but fonts is encrypted.

    Raises:
        FileFault: other files are, or the list of encrypted files is damaged.
    """
    name = contents.find(_ENCRYPTION)
    if name is None:
        return
    algorithms: list[str] = []
    inside = 0

    def start(element: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        kind = local_name(element)
        inside += kind in {"EncryptedData", "EncryptedKey"}
        if kind == "EncryptionMethod":
            algorithms.append(attribute(attributes, "Algorithm"))

    try:
        read_elements(contents.read(name), start)
    except FileFault as fault:
        raise FileFault(fault.code, f"{shown(name)}: {fault.why}") from fault
    others = [algorithm for algorithm in algorithms if algorithm not in _FONTS]
    if others or len(algorithms) < inside:
        method = others[0] if others else "a method that is not named"
        raise FileFault("encrypted", f"is encrypted with {shown(method)}, so {_WHY}")


def unless_protected(contents: Contents, fault: FileFault) -> FileFault:
    """The fault of a part that is not text: if the book has a licence for protected parts, that is the reason."""
    licence = next((name for name in _LICENCES if contents.find(name)), None)
    if licence is None or fault.code not in {"encoding", "wrong_format"}:
        return fault
    return FileFault("encrypted", f"{fault.why}, and the book has {licence}: it is encrypted, so {_WHY}")
