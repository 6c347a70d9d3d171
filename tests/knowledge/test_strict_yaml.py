"""The reader of every file: strict, safe, and clear about what is wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from midback.knowledge.strict_yaml import MAX_BYTES, StrictYamlError, read_yaml, read_yaml_file


def test_only_true_and_false_are_booleans():
    assert read_yaml(b"a: no\nb: yes\nc: on\nd: true") == {"a": "no", "b": "yes", "c": "on", "d": True}


def test_dates_and_numbers_with_a_leading_zero_stay_text():
    assert read_yaml(b"day: 2026-11-22\ncode: 012") == {"day": "2026-11-22", "code": "012"}


def test_json_is_read_too():
    assert read_yaml(b'{"age": 40, "answers": {"fever": "no"}}') == {"age": 40, "answers": {"fever": "no"}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"a: 1\na: 2", "stands twice"),
        (b"a: &x 1\nb: *x", "anchors and aliases"),
        (b"a: !!python/object:os.system x", "tag"),
        (b"a: 1\n---\nb: 2", "second document"),
        (b"[" * 60 + b"]" * 60, "nested deeper"),
        (b"{? [a]: 1}", "plain word"),
        (b"a: [1, 2", "line"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: " + b"x" * MAX_BYTES, "over the limit"),
    ],
)
def test_refused_with_place_and_fix(text, says):
    with pytest.raises(StrictYamlError) as caught:
        read_yaml(text, "case.yaml")
    assert says in str(caught.value)
    assert "case.yaml" in str(caught.value)
    assert "fix:" in str(caught.value)


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(StrictYamlError, match="cannot be read"):
        read_yaml_file(tmp_path / "missing.yaml")


@given(st.binary(max_size=400))
def test_any_bytes_give_data_or_a_clear_refusal(data):
    with contextlib.suppress(StrictYamlError):
        assert not isinstance(read_yaml(data), bytes)
