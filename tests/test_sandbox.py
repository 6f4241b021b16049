"""What a template may cost: no text, number, loop or macro of one fills the memory or never ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from pipeline import sandbox
from pipeline.cli import ROOT
from pipeline.errors import TemplateError
from pipeline.sandbox import LimitedSandbox, TooMuchError, printed
from pipeline.web.environment import render
from pipeline.word.environment import environment as word_environment

BOMBS = [
    "{{ 'a' * 10**9 }}",
    "{{ 10**9 * 'a' }}",
    "{{ [0] * 10**9 }}",
    "{{ ('a' * 10**6 * 10**6)|length }}",
    "{{ 10**(10**9) }}",
    "{{ 9**99**99 }}",
    "{% set n = namespace(x=10**99) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "{{ '%999999999d' % 1 }}",
    "{{ '%*d' % (999999999, 1) }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ '{:{}}'.format(1, 999999999) }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ 'x'.zfill(width=10**9) }}",
    "{{ 'x'|center(10**9) }}",
    "{{ 'x'|indent(10**9) }}",
    "{{ '%999999999d'|format(1) }}",
    "{{ ('a'*10**6).replace('a', 'b'*10**6) }}",
    "{{ ('a'*10**6)|replace('a', 'b'*10**6) }}",
    "{% set s = 'a'*10**6 %}{{ [s, s, s, s, s, s, s, s, s, s, s, s]|join }}",
    "{% set s = 'a'*10**6 %}{{ ([s]*10**3)|join(s) }}",
    "{% set s = 'a'*10**6 %}{{ s.join([s]*10**3) }}",
    "{% set x = 'aaaaaaaa' %}" + "{% set x = x ~ x %}" * 40 + "{{ x|length }}",
    "{% set x = 'aaaaaaaa' %}" + "{% set x = x + x %}" * 40 + "{{ x|length }}",
    "{% set x = ['a'] %}" + "{% set x = x + x %}" * 40 + "{{ x|length }}",
    "{% set x %}aaaaaaaa{% endset %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40 + "{{ x }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) if a > 0 %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "{% for a in range(9999) %}{% set b = range(99999)|list|sort %}{% endfor %}",
    "{% for a in range(9999) %}{{ 'abcdefghij' * 10**5 }}{% endfor %}",
    "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 28 + "{{ x }}",
    "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 28 + "{{ x ~ '' }}",
    "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 28 + "{{ x|string }}",
    "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 28 + "{{ '%s' % x }}",
    "{% set x = {'a': 1} %}" + "{% set x = {'a': x, 'b': x} %}" * 28 + "{{ x }}",
    "{{ lipsum(99999) }}",
    "{{ range(10**9)|list }}",
]
FINE = [
    ("{{ 'ab' * 3 }}", "ababab"),
    ("{{ 2 ** 10 }} {{ 7 % 4 }} {{ 3 * 4 + 1 }}", "1024 3 13"),
    ("{{ '%03d' % 7 }} {{ '{:>4}'.format('x') }}", "007    x"),
    ("{{ 'a' ~ 1 ~ '&' }}", "a1&amp;"),
    (
        "{% for x in [1, 2, 3] %}{{ loop.index }}/{{ loop.length }}{{ loop.last }} {% endfor %}",
        None,
    ),
    ("{% for x in [] %}{% else %}none{% endfor %}", "none"),
    ("{% for a in [1] %}{% for b in [2] %}{{ a ~ b }}{% endfor %}{% endfor %}", "12"),
    ("{{ ['a', 'b']|join('、') }} {{ 'abc'|replace('b', 'x') }} {{ 'x'|center(5) }}", None),
]


# lipsum is gone, and of range() jinja2 itself takes care.
EXPECTED = (TooMuchError, UndefinedError, OverflowError)


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few that none of the bombs takes long; `make fuzz` waits for all of them."""
    monkeypatch.setattr(sandbox, "_MOST_STEPS", 100_000)


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("template", BOMBS)
def test_a_bomb_is_put_out(template: str) -> None:
    env = LimitedSandbox(autoescape=True, finalize=printed)

    with pytest.raises(EXPECTED):
        env.from_string(template).render()


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("template", BOMBS)
def test_a_bomb_in_a_word_template_is_put_out(template: str) -> None:
    put_out_in_word(template)


@pytest.mark.fuzz
@pytest.mark.parametrize("template", BOMBS)
def test_a_bomb_is_put_out_within_the_real_limits(template: str) -> None:
    """In a process that may have 1 GB and a minute."""
    limits = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))"
    code = (
        f"{limits}\nfrom tests.test_sandbox import put_out_in_word\nput_out_in_word({template!r})"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=True)


def put_out_in_word(template: str) -> None:
    env = word_environment([])

    with pytest.raises(EXPECTED):
        "".join(sandbox.limited(env.from_string(template).generate()))


@pytest.mark.parametrize(("template", "output"), FINE)
def test_what_documents_need_works(template: str, output: str | None) -> None:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = LimitedSandbox(autoescape=True, finalize=printed).from_string(template).render()

    assert made == ImmutableSandboxedEnvironment(autoescape=True).from_string(template).render()
    assert output is None or made == output


@pytest.mark.usefixtures("few_steps")
def test_the_account_is_opened_anew_for_each_document() -> None:
    env = LimitedSandbox()
    loop = env.from_string("{% for a in range(60000) %}{% endfor %}")
    for _ in range(3):
        env.begin()
        loop.render()

    with pytest.raises(TooMuchError):
        loop.render()


@pytest.mark.parametrize("how", ["{% include 'x.css' %}", "{{ source_of('x.css') }}"])
def test_a_link_out_of_the_templates_is_not_followed(how: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "x.css").symlink_to(tmp_path / "secret")
    (folder / "page.html").write_text(how, encoding="utf-8")

    with pytest.raises(TemplateError, match="不在模板的文件夹里"):
        render(folder, "page.html", {})
    (folder / "page.html").unlink()
    (folder / "page.html").symlink_to(tmp_path / "secret")
    with pytest.raises(TemplateError, match="不在模板的文件夹里"):
        render(folder, "page.html", {"other": 1})
