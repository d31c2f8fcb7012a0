"""What could be written in a field of a block: the same that the text editor would offer there.

The argument is put into the text of the flow as far as it is typed, and the completion of the
language is asked at that place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from nicegui import ui
from nicegui.element import Element

from designer.forms.source import SENTENCES, Widget, quoted
from designer.page.assist import typed_on
from designer.scripts import call
from designer.session import Session
from designer.words import Language
from flowlang import features
from flowlang.edits import Change, Flow, SetParameter, apply, perform
from flowlang.features.scope import fields_of
from flowlang.features.texts import position_of
from flowlang.inference import Environment

OFFERS_MAX = 40
_PLACE = "zz_here_zz"
"""A name that no flow has, where the cursor is."""
_IN_BRACES = re.compile(r"(?:^|[^\\])(?:\\\\)*\{([^{}]*)$", re.DOTALL)
_PATH = re.compile(r"([^\W\d]\w*(?:\.\w*)*)$")

SCRIPT = r"""
(() => {
  let field = null, box = null, offers = [], on = 0, top = 0, isChosen = false;
  const WORD = /[\p{L}\p{N}_]*$/u;
  const close = () => {
    box?.remove();
    field?.removeAttribute('aria-activedescendant');
    box = null;
  };
  const mark = () => [...box.children].forEach((row, index) => {
    row.setAttribute('aria-selected', String(index === on));
    row.classList.toggle('on', index === on);
    if (index === on) {
      row.scrollIntoView({block: 'nearest'});
      field.setAttribute('aria-activedescendant', row.id);
    }
  });
  const take = (index) => {
    const offer = offers[index], at = field.selectionStart;
    const before = field.value.slice(0, at).replace(WORD, '') + offer.typed;
    const rest = field.value.slice(at);
    const braces = field.dataset.braces && !offer.more && !rest.startsWith('}') ? '}' : '';
    const dot = offer.more ? '.' : '';
    field.value = before + dot + braces + rest;
    const place = before.length + dot.length + (braces || (!dot && rest.startsWith('}')) ? 1 : 0);
    field.setSelectionRange(place, place);
    close();
    if (dot) field.dispatchEvent(new Event('input', {bubbles: true}));
  };
  window.flowlangOffers = (id, found) => {
    close();
    field = document.getElementById(id);
    offers = found;
    on = 0;
    isChosen = false;
    if (!found.length || document.activeElement !== field) return;
    const under = field.getBoundingClientRect();
    top = under.top;
    box = Object.assign(document.createElement('div'), {className: 'fl-menu fl-offers'});
    box.setAttribute('role', 'listbox');
    box.setAttribute('aria-label', field.dataset.offers);
    box.style.left = under.left + 'px';
    box.style.width = under.width + 'px';
    const above = under.bottom + 220 > innerHeight;
    const edge = above ? innerHeight - under.top : under.bottom;
    box.style[above ? 'bottom' : 'top'] = edge + 4 + 'px';
    found.forEach((offer, index) => {
      const row = Object.assign(document.createElement('div'), {className: 'fl-menu-item'});
      row.id = 'fl-offer-' + index;
      row.setAttribute('role', 'option');
      const name = Object.assign(document.createElement('span'), {className: 'fl-mono fl-cut'});
      name.textContent = offer.label;
      const detail = Object.assign(document.createElement('span'), {className: 'fl-dim fl-cut'});
      detail.textContent = offer.detail;
      row.append(name, detail);
      row.addEventListener('mousedown', (event) => { event.preventDefault(); take(index); });
      box.append(row);
    });
    document.body.append(box);
    mark();
  };
  window.flowlangBraces = (id) => {
    const into = document.getElementById(id);
    into.focus();
    into.setRangeText('{', into.selectionStart, into.selectionEnd, 'end');
    into.dispatchEvent(new Event('input', {bubbles: true}));
  };
  // A voice of this machine only: others would send the words away.
  const voices = () => (window.speechSynthesis?.getVoices() ?? []).filter((it) => it.localService);
  const letListen = () => {
    const can = voices().length > 0;
    document.querySelectorAll('[data-role^=listen-]').forEach((it) => { it.hidden = !can; });
  };
  window.speechSynthesis?.addEventListener?.('voiceschanged', letListen);
  window.flowlangCanListen = letListen;
  window.flowlangSay = (words, language) => {
    const plain = words.replace(/<[^<>]*>/g, ' ').replace(/\\([{}\\])/g, '$1');
    const isKorean = /[\uac00-\ud7a3]/.test(plain);
    const wanted = isKorean ? 'ko' : language === 'ko' ? 'en' : language;
    const all = voices();
    const saying = new SpeechSynthesisUtterance(plain);
    saying.voice = all.find((it) => it.lang.startsWith(wanted)) ?? all[0];
    saying.lang = saying.voice.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(saying);
  };
  document.addEventListener('keydown', (event) => {
    if (!box || event.target !== field) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const word = WORD.exec(field.value.slice(0, field.selectionStart))[0];
    const isWhole = word ? offers[on].typed === word : !field.dataset.braces;
    if (step) on = (on + step + offers.length) % offers.length, isChosen = true, mark();
    // What is written in full is left as it is.
    else if (['Enter', 'Tab'].includes(event.key) && !isChosen && isWhole) return close();
    else if (event.key === 'Enter' || event.key === 'Tab') take(on);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener('focusout', close);
  // What scrolls elsewhere leaves the list where it is: under its field.
  const hasMoved = () => Math.abs(field.getBoundingClientRect().top - top) > 1;
  document.addEventListener('scroll', () => { if (box && hasMoved()) close(); }, true);
})();
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    label: str
    detail: str
    typed: str
    """What replaces the letters before the cursor."""
    more: bool
    """Whether something can be read behind it and a dot."""


def install() -> None:
    """Once for a page."""
    ui.add_body_html(f"<script>{SCRIPT}</script>")


def show(entry: Element, offers: Sequence[Offer]) -> None:
    call(entry, "flowlangOffers", entry.html_id, [asdict(offer) for offer in offers])


def offers(
    session: Session, block: str, key: str, widget: Widget, before: str, language: Language
) -> list[Offer]:
    """What could stand where the cursor is, `before` being what the field has in front of it."""
    started = _started(widget, before)
    if started is None:
        return []
    source = quoted(f"{{{_PLACE}}}") if widget in SENTENCES else _PLACE
    change = perform(SetParameter(block=block, key=key, source=source), session.flow)
    if not isinstance(change, Change):
        return []
    text = apply(session.text, change.edits)
    start = text.index(_PLACE)
    offset = start + len(started)
    text = text[:start] + started + text[start + len(_PLACE) :]
    flow = session.reading(text)
    found = features.complete(flow, position_of(text, offset), language)
    return list(_fitting(flow, found, text, offset))[:OFFERS_MAX]


def _started(widget: Widget, before: str) -> str | None:
    """The expression that is being written; None where a sentence is."""
    if widget not in SENTENCES:
        return before.strip()
    in_braces = _IN_BRACES.search(before)
    if in_braces is None or '"' in in_braces[1]:
        return None
    return in_braces[1]


def _fitting(
    flow: Flow, found: Sequence[features.Completion], text: str, offset: int
) -> list[Offer]:  # fmt: skip
    path = _PATH.search(text[:offset])
    *roots, word = path[1].split(".") if path else [""]
    environment = Environment(flow.wiring)
    made = []
    for item in found:
        typed = typed_on(item, text, offset)
        if typed is not None and item.label.casefold().startswith(word.casefold()):
            more = item.label.isidentifier() and bool(fields_of(environment, (*roots, item.label)))
            made.append(Offer(label=item.label, detail=item.detail, typed=typed, more=more))
    return made
