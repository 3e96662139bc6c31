"""A page of the shop as one HTML document of our own design, to look at and to play on.

Texts of the shop and of goals are escaped. The document's policy forbids scripts, and whatever would be loaded from
elsewhere: only pictures that stand in the data itself, as those of the generated shop do, are shown.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from gigpo_gym.envs.webshop.pages import BACK, BUY, NEXT, PREV, RESULTS, SUB_PAGES, Page, Place, Shelf
from gigpo_gym.envs.webshop.reward import Score


@dataclass(frozen=True)
class Play:
    """What a document has more where a person plays on it: buttons then send their number among the admissible actions,
    as `action`, with `query` where there is one, `token` and `turn`."""

    token: str
    turn: int
    status: str
    """What is left to do, such as the number of steps."""
    outcome: str = ""
    """How it ended; '' while it goes on."""


def document(
    place: Place,
    page: Page,
    instruction: str,
    shelf: Shelf,
    score: Score | None,
    is_action_valid: bool = True,
    play: Play | None = None,
) -> str:
    """The HTML of a place, whose page is `page`; without `play`, nothing happens when it is clicked."""
    return _fill()(
        place=place,
        numbers={name: number for number, name in enumerate(page.targets)},
        product=shelf.product(place.product) if place.product >= 0 else None,
        found=[shelf.product(target.product) for target in page.targets.values() if target.product >= 0],
        total=len(shelf.results(place.keywords) or ()) if place.kind == RESULTS else 0,
        instruction=instruction,
        score=score,
        is_action_valid=is_action_valid,
        play=play,
    )


STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --card: #ffffff; --text: #1b2230; --soft: #5a6475; --line: #d8dde6;
  --accent: #1d5bd1; --on-accent: #ffffff; --tint: #e6eefc; --warn: #fff3d6; --warn-line: #e2b53e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --card: #1c212b; --text: #e7eaf0; --soft: #a0a9b8; --line: #363d4b;
    --accent: #7fabff; --on-accent: #0d1526; --tint: #23324f; --warn: #3a3118; --warn-line: #8f7426;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
body, button, input { overflow-wrap: anywhere; }
h1, h2, p, ul, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
header { position: sticky; top: 0; z-index: 1; max-height: 40vh; overflow: auto; background: var(--card);
  border-bottom: 1px solid var(--line); }
header > div, main { max-width: 60rem; margin: auto; padding: .75rem 1rem; }
.bar { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.brand { font-weight: 700; color: var(--accent); }
.soft { color: var(--soft); font-size: .9rem; }
main { padding-bottom: 4rem; }
main > *, form > fieldset > * { margin-bottom: 1rem; }
h1 { font-size: 1.3rem; line-height: 1.3; max-height: 14rem; overflow: auto; }
.card > h1 { margin-bottom: .5rem; }
h2 { font-size: .9rem; color: var(--soft); margin-bottom: .35rem; }
button, input { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); padding: .5rem .9rem; min-height: 2.75rem; max-width: 100%; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
button:disabled { cursor: default; opacity: .55; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.row > input { flex: 1 1 10rem; }
[aria-pressed=true] { background: var(--tint); border-color: var(--accent); font-weight: 600; }
[aria-pressed=true]::before { content: "\\2713\\a0"; color: var(--accent); }
.note { background: var(--warn); border: 1px solid var(--warn-line); border-radius: .5rem; padding: .6rem .9rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
.cards { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
.cards > button { display: flex; gap: .9rem; text-align: left; align-items: flex-start; padding: .75rem; }
.cards img, .cards .blank { width: 5.5rem; }
.cards .name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden; }
.facts { flex: 1; min-width: 0; display: flex; flex-direction: column; gap: .25rem; }
.price { font-weight: 700; }
img, .blank { flex: none; aspect-ratio: 1; border-radius: .5rem; object-fit: contain; background: var(--tint); }
.blank { display: grid; place-items: center; color: var(--soft); font-size: .8rem; text-align: center; }
.item { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 14rem) minmax(0, 1fr); }
.item img, .item .blank { width: 100%; }
.item .facts { gap: 1rem; }
@media (max-width: 40rem) {
  .item { grid-template-columns: minmax(0, 1fr); }
  .item img, .item .blank { width: 7rem; }
}
.text { white-space: pre-line; }
ul { padding-left: 1.25rem; }
.score { font-size: 2rem; line-height: 1.4; font-weight: 700; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; font-weight: 400; padding: .4rem .5rem .4rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-right: 0; width: 5.5rem; }
thead * { color: var(--soft); font-size: .9rem; }
"""

TEMPLATE = """\
{% macro button(text, class="") -%}
<button name="action" value="{{ numbers[text | lower] }}" class="{{ class }}">{{ text }}</button>
{%- endmacro %}
{% macro picture(product) -%}
{% if product.image.startswith("data:image/") %}<img src="{{ product.image }}" alt="">
{%- else %}<span class="blank" aria-hidden="true">no picture</span>{% endif %}
{%- endmacro %}
{% macro row(label, name, met, weight="") -%}
<tr><th scope="row">{{ label }} <span class="soft">{{ name }}</span></th><td>{{ met }}</td><td>{{ weight }}</td></tr>
{%- endmacro %}
{% macro hidden() -%}
<input type="hidden" name="token" value="{{ play.token }}"><input type="hidden" name="turn" value="{{ play.turn }}">
{%- endmacro %}
{% macro next_task(label, class="") -%}
<form method="post" action="/next">{{ hidden() }}<button class="{{ class }}">{{ label }}</button></form>
{%- endmacro %}
{% macro number(value) %}{{ "%.3g" | format(value) }}{% endmacro %}
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}{{ "'self'" if play else "'none'" }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>WebShop</title>
<style>{{ style | safe }}</style>
</head>
<body>
<header><div>
<div class="bar">
<span class="brand">WebShop</span>
{% if play %}<span class="soft">{{ play.status }}</span>{% endif %}
</div>
<p><span class="soft">Instruction:</span> <span id="instruction">{{ instruction }}</span></p>
</div></header>
<main>
{% if play and play.outcome %}
<div class="note bar">
<span role="status" id="outcome">{{ play.outcome }}</span>{{ next_task("Next task", "main") }}
</div>
{% elif not is_action_valid %}
<p class="note" role="status">That action was invalid, and the page stays.</p>
{% endif %}
<form method="post" action="/">
{% if play %}{{ hidden() }}{% endif %}
<fieldset {{ "disabled" if play and play.outcome }}>
{% if place.kind == "start" %}
<div class="row">
<input type="search" name="query" maxlength="1000" aria-label="Words to search for" placeholder="Words to search for"
 autocomplete="off" required autofocus>
{{ button("Search", "main") }}
</div>
{% elif place.kind == "done" %}
<section class="card">
<h1>Thank you for shopping with us!</h1>
{% if score %}
<p class="score">{{ number(score.score) }}</p>
<p class="soft">Your score (min 0.0, max 1.0)</p>
{% endif %}
</section>
<section class="card item">
{{ picture(product) }}
<div class="facts">
<div><h2>Purchased</h2><p>{{ product.name }}</p><p class="soft">{{ product.asin }}</p></div>
{% if place.options %}
<div><h2>Options</h2>
<ul>{% for name, value in place.options %}<li>{{ name }}: {{ value }}</li>{% endfor %}</ul></div>
{% endif %}
</div>
</section>
{% if score %}
<section class="card">
<table>
<thead><tr><th>What was wanted</th><td>met</td><td>weight</td></tr></thead>
<tbody>
{{ row("Attributes", "r_att", number(score.r_att), number(score.w_att)) }}
{% if score.r_option is not none %}
{{ row("Options", "r_option", number(score.r_option), number(score.w_option)) }}
{% endif %}
{{ row("Price", "r_price", "yes" if score.r_price else "no", number(score.w_price)) }}
{{ row("Together", "base_without_r_type", number(score.base_without_r_type)) }}
{{ row("The right sort of thing", "r_type", "\u00d7 " ~ number(score.r_type)) }}
{{ row("\u2013 found by the same query", "query_match", "yes" if score.query_match else "no") }}
{{ row("\u2013 in the same category", "category_match", "yes" if score.category_match else "no") }}
{{ row("\u2013 words of the title", "title_score", number(score.title_score)) }}
</tbody>
</table>
</section>
{% endif %}
{% else %}
<div class="row">
{{ button(back) }}
{% if prev | lower in numbers %}{{ button(prev) }}{% endif %}
{% if place.kind == "results" %}
{{ button(next) }}
<span class="soft">Page {{ place.page }} (Total results: {{ total }})</span>
{% endif %}
</div>
{% if place.kind == "results" %}
<div class="cards">
{% for product in found %}
<button name="action" value="{{ numbers[product.asin | lower] }}">
{{ picture(product) }}
<span class="facts"><span class="price">{{ product.price_text }}</span><span class="name">{{ product.name }}</span>
<span class="soft">{{ product.asin }}</span></span>
</button>
{% else %}
<p class="soft">No products on this page.</p>
{% endfor %}
</div>
{% elif place.kind == "item" %}
<section class="card item">
{{ picture(product) }}
<div class="facts">
<div><h1>{{ product.name }}</h1>
<p class="price">Price: {{ product.price_text }}</p><p class="soft">Rating: N.A.</p></div>
{% for name, values in product.options %}
<div role="group" aria-label="{{ name }}"><h2>{{ name }}</h2>
<div class="row">
{% for value in values %}
<button name="action" value="{{ numbers[value] }}" aria-pressed="
{{- "true" if (name, value) in place.options else "false" }}">{{ value }}</button>
{% endfor %}
</div></div>
{% endfor %}
<div class="row">{% for name in sub_pages if name | lower in numbers %}{{ button(name) }}{% endfor %}</div>
<div>{{ button(buy, "main") }}</div>
</div>
</section>
{% else %}
<section class="card">
<h1>{{ place.sub_page }}</h1>
{% if place.sub_page == "Description" %}
<p class="text">{{ product.description }}</p>
{% elif place.sub_page == "Features" %}
<ul>{% for bullet in product.bullets %}<li>{{ bullet }}</li>{% endfor %}</ul>
{% elif place.sub_page == "Attributes" %}
<ul>{% for attribute in product.attributes %}<li>{{ attribute }}</li>{% endfor %}</ul>
<p class="soft">{{ product.category }}</p>
<p class="soft">{{ product.query }}</p>
<p class="soft">{{ product.product_category }}</p>
{% else %}
<p class="soft">There are no reviews.</p>
{% endif %}
</section>
{% endif %}
{% endif %}
</fieldset>
</form>
{% if play and not play.outcome %}{{ next_task("Give up, next task", "soft") }}{% endif %}
</main>
</body>
</html>
"""


@lru_cache(maxsize=1)
def _fill() -> Callable[..., str]:
    from jinja2 import Environment, StrictUndefined  # takes longer to import than a small shop to open

    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {
        "policy": f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action ",
        "style": STYLE,
        "back": BACK,
        "prev": PREV,
        "next": NEXT,
        "buy": BUY,
        "sub_pages": SUB_PAGES,
    }
    return environment.from_string(TEMPLATE).render
