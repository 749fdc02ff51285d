// What is marked: mark in, mark out, and the list of ranges. address.js keeps the page's
// address at it.
// In is the first frame kept, out the first frame not kept.

export class Selection extends EventTarget {
  constructor(timecode) {
    super();
    this.timecode = timecode;
    this.in = null;
    this.out = null;
    this.ranges = []; // {in, out, name}
  }

  get first() { return this.in ?? 0; }
  get end() { return this.out ?? this.timecode.frames; }
  get marked() { return this.in !== null || this.out !== null || this.ranges.length > 0; }
  get listed() { return this.ranges.some((range) => range.in === this.first && range.out === this.end); }

  // forgotten is true of marks that the list, which is what is taken, leaves out.
  get forgotten() { return this.ranges.length > 0 && (this.in !== null || this.out !== null) && !this.listed; }

  get length() { return this.end - this.first; }

  // setIn and setOut keep in before out: the other mark gives way.
  setIn(frame) {
    this.in = clamp(frame, 0, this.timecode.frames - 1);
    if (this.out !== null && this.out <= this.in) this.out = null;
    this.changed("in");
  }

  setOut(frame) {
    this.out = clamp(frame, 1, this.timecode.frames);
    if (this.in !== null && this.in >= this.out) this.in = null;
    this.changed("out");
  }

  set(first, end) {
    this.in = clamp(first, 0, this.timecode.frames - 1);
    this.out = clamp(end, this.in + 1, this.timecode.frames);
    this.changed("both");
  }

  clear() {
    this.in = this.out = null;
    this.changed("cleared");
  }

  // add lists what is marked, once; "refused" says why it did not.
  add() {
    if (this.in === null && this.out === null) this.refuse("unmarked");
    else if (this.listed) this.refuse("listed");
    else {
      this.ranges.push({ in: this.first, out: this.end, name: "" });
      this.changed("added");
    }
  }

  remove(index) {
    this.ranges.splice(index, 1);
    this.changed("removed");
  }

  move(index, by) {
    const to = index + by;
    if (to < 0 || to >= this.ranges.length) return;
    const [range] = this.ranges.splice(index, 1);
    this.ranges.splice(to, 0, range);
    this.changed("moved");
  }

  rename(index, name) {
    this.ranges[index].name = name;
    this.changed("named");
  }

  // taken is what would be exported: the list, or else the marks.
  taken() {
    return this.ranges.length > 0 ? this.ranges : [{ in: this.first, out: this.end, name: "" }];
  }

  refuse(why) { this.dispatchEvent(new CustomEvent("refused", { detail: why })); }

  changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }

  // address is the page's, with the marks.
  address() {
    const query = new URLSearchParams(location.search);
    for (const key of ["in", "out", "range"]) query.delete(key);
    if (this.in !== null) query.set("in", this.timecode.text(this.in));
    if (this.out !== null) query.set("out", this.text(this.out));
    for (const r of this.ranges) {
      query.append("range", `${this.timecode.text(r.in)}-${this.text(r.out)}${r.name ? `~${r.name}` : ""}`);
    }
    // Colons may stand in a query as they are, and are easier to read.
    const text = query.toString().replaceAll("%3A", ":");
    return location.pathname + (text ? `?${text}` : "");
  }

  text(frame) { return this.timecode.text(frame); }

  // read takes the marks over from the page's address; what is no mark is left out.
  read() {
    const query = new URLSearchParams(location.search);
    const parse = (text) => {
      const frame = text === null ? null : this.timecode.parse(text);
      return frame !== null && frame <= this.timecode.frames ? frame : null;
    };
    this.in = parse(query.get("in"));
    this.out = parse(query.get("out"));
    if (this.in === this.timecode.frames) this.in = null;
    if (this.out !== null && this.out <= this.first) this.out = null;
    this.ranges = query.getAll("range").flatMap((text) => {
      const [marks, ...name] = text.split("~");
      const [first, end] = marks.split("-").map(parse);
      return first === null || end === null || end === undefined || end <= first ? [] : [{ in: first, out: end, name: name.join("~") }];
    });
  }
}

export function clamp(value, low, high) { return Math.min(Math.max(value, low), high); }
