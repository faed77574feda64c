"""A page as a browser without scripts sees it: links, what it loads, forms, text."""

import dataclasses
import html.parser
import re
import urllib.parse

# Every page has it; any other script is a fault.
OUR_SCRIPT = re.compile(r"(^|/)assets/site\.[0-9a-f]{16}\.js$")


@dataclasses.dataclass
class Form:
    """A form as it is before anybody writes into it."""

    action: str
    method: str = "get"
    fields: list = dataclasses.field(default_factory=list)   # name and value of each
    buttons: list = dataclasses.field(default_factory=list)  # the same, of named buttons

    def filled(self, button=None, **values):
        """What is sent where these are written in; a list is of boxes that are ticked."""
        pairs = [pair for pair in self.fields if pair[0] not in values]
        for name, value in values.items():
            pairs += [(name, one) for one in (value if isinstance(value, list) else [value])]
        pairs += [pair for pair in self.buttons if button is not None and pair[1] == button]
        return urllib.parse.urlencode(pairs)


class Page(html.parser.HTMLParser):
    """What a page asks a browser to load, where it leads, and what it says."""

    def __init__(self, text):
        super().__init__()
        self.links = set()     # where a person may go
        self.loaded = set()    # what is fetched with the page
        self.tags = []
        self.ids = set()
        self.attributes = set()
        self.elements = []     # of each its tag and its attributes
        self.forms = []
        self.text = ""
        self.select = None
        self.textarea = None
        self.in_form = False
        self.feed(text.decode() if isinstance(text, bytes) else text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "script" and OUR_SCRIPT.search(values.get("src") or ""):
            self.loaded.add(values["src"])
            return
        self.tags.append(tag)
        self.attributes |= set(values)
        self.elements.append((tag, values))
        self.ids.add(values.get("id"))
        if tag in ("a", "form"):
            self.links.add(values.get("href") or values.get("action"))
        elif values.get("rel") == "alternate":
            self.links.add(values["href"])
        else:
            self.loaded |= {values[name] for name in ("src", "href") if name in values}
        self.note_control(tag, values)

    def note_control(self, tag, values):
        name = values.get("name")
        if tag == "form":
            self.forms.append(Form(values.get("action"), values.get("method", "get").lower()))
            self.in_form = True
        elif not self.in_form:
            return
        elif tag == "input" and name:
            kind = values.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in values:
                self.forms[-1].fields.append((name, values.get("value") or ""))
        elif tag == "button" and name:
            self.forms[-1].buttons.append((name, values.get("value") or ""))
        elif tag == "textarea":
            self.textarea = name
            self.forms[-1].fields.append((name, ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            chosen = [field for field in self.forms[-1].fields if field[0] == self.select]
            if not chosen or "selected" in values:
                self.forms[-1].fields = [field for field in self.forms[-1].fields
                                         if field[0] != self.select]
                self.forms[-1].fields.append((self.select, values.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.in_form = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def handle_data(self, data):
        self.text += data
        if self.textarea and self.in_form:
            text = self.forms[-1].fields[-1][1]
            # The first line end belongs to the tag.
            self.forms[-1].fields[-1] = (self.textarea, text + (data if text else data.removeprefix("\n")))

    def form(self, action):
        """The form that leads to where `action` ends."""
        found = [form for form in self.forms if form.action.endswith(action)]
        assert len(found) == 1, (action, [form.action for form in self.forms])
        return found[0]
