"""Whatever a file or a row is refused for, there is a sentence for it."""

import re
from pathlib import Path

import irm.imports
from irm.imports.complaints import SENTENCES

_CODE = re.compile(r'Complaint\(\s*"(\w+)"')


def test_every_complaint_has_its_sentence():
    files = Path(irm.imports.__file__).parent.rglob("*.py")
    codes = {code for file in files for code in _CODE.findall(file.read_text(encoding="utf-8"))}

    assert len(codes) > 40
    assert codes <= SENTENCES.keys()
