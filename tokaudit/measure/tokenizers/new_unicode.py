"""New Unicode characters, on which packages may disagree because their Unicode tables differ in age."""

from typing import Final

# Code points in hexadecimal, from the Unicode character database:
# - what Unicode 15 to 18 assigned or changed, and what later versions may assign;
# - combining marks from Unicode 10 on, which the reference does not order in NFC.
# Rare neighbours are included to keep the list short. Common ones are left out: U+0295 and the emoji of Unicode 15 and
# 16. All packages know these, and the sample would show if one did not.
# Measured: `tokenizers` 0.23.3 splits by Unicode 16 and normalizes by Unicode 9, gigatoken 0.10.0 does both by
# Unicode 17. No other character differed.
_CODES: Final = """
558 58B-58C 5C8-5C9 7FD 88F 897-89F 8CA-8D3 9FE B53-B54 C3C C5C CDC CF3 D3B-D3C EBA ECE 1715
1ABF-1AFF 1B4E-1B4F 1B7F 1C89-1C8F 1DF6-1DFA 208F 209D-209F 20C1-20CF 2427-243F 2B96 2E5E-2E7F
2FFC-2FFF 31E4-31EF A7CB-A7CF A7D2 A7D4 A7DA-A7F1 A82C AB6C-AB6F FBC3-FBD2 FD90-FD91 FDC8-FDCE 105C0-105FF 107BB-107BF
10940-1097F 10D24-10D27 10D40-10DFF 10EAB-10EAC 10EC0-10EFF 10F46-10F50 10F82-10F85 11070
1123F-11241 1133B 11380-113FF 1145E 116D0-116FF 1171E 11839-1183A 1193D-1193E 11943 119E0 11A34
11A47 11A99 11B00-11BFF 11D42 11D44-11D45 11D97 11DB0-11FAF 1246F-1268F 1342F-143FF 16100-167FF
16D40-16E3F 16E9B-16EFF 16FF0-16FFF 187F8-187FF 18CD6-1AFEF 1B123-1B16F 1CC00-1CEFF 1D127-1D128 1D1EB-1D1FF
1D250-1D2DF 1D6A6-1D6A7 1DAB0-1DEFF 1DF1F-1DFFF 1E030-1E0FF 1E130-1E136 1E2AE 1E2EC-1E2EF 1E4D0-1E7DF
1F1AE-1F1E5 1F6D8-1F6DB 1F774-1F77F 1F7D9-1F7DF 1F7F1-1F7FF 1F8B2-1F8FF 1FA54-1FA5F 1FA8A-1FA8E
1FAC7-1FACD 1FADD-1FADE 1FAEA-1FAEF 1FAF9-1FAFF 1FBCB-1FBEF 1FBFA-1FFFF 2A6DE-2A6FF 2B739-2B73F
2B81E-2B81F 2CEA2-2CEAF 2EBE1-2F7FF 2FA1E-2FFFF 3134B-DFFFF
"""
RANGES: Final = tuple(
    (int(first, 16), int(last or first, 16)) for first, _, last in (code.partition("-") for code in _CODES.split())
)
LOWEST: Final = chr(RANGES[0][0]).encode()[0]
"""The lowest first byte of a new Unicode character. Most documents have no byte that high."""
