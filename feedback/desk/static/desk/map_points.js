"use strict";

/* The content policy refuses WebAssembly; deck.gl asks for it once as it loads and does without where it is not there. */
delete window.WebAssembly;

/* The points of the map as they are sent (grouping/picture/queries.py), and what can be asked of them. */
const pointsOf = (data) => {
  const length = new DataView(data).getUint32(0, true);
  const text = new TextDecoder();
  const head = JSON.parse(text.decode(new Uint8Array(data, 4, length)));
  const count = head.posts;
  let at = 4 + length;
  const places = new Float32Array(data, at, 2 * count);
  at += 8 * count;
  const [asks, days, people] = [0, 1, 2].map((column) => new Uint32Array(data, at + 4 * count * column, count));
  const names = text.decode(new Uint8Array(data, at + 12 * count, 11 * count));
  return {
    count,
    places,
    asks,
    days,
    people,
    head: head.asks,
    nameOf: (row) => names.slice(11 * row, 11 * row + 11).trim(),
    askOf: (row) => head.asks[asks[row] - 1],
  };
};

/* They are asked for at once: what draws them is large and is read meanwhile. */
window.heedPoints = fetch(document.getElementById("map").dataset.points).then(async (answer) => {
  if (!answer.ok) throw new Error(String(answer.status));
  return pointsOf(await answer.arrayBuffer());
});
window.heedPoints.catch(() => {}); // the map says so

/* Whether (x, y) lies inside the line, a list of [x, y]: the crossings of a ray are odd. */
window.heedInside = (line, x, y) => {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [ax, ay] = line[i];
    const [bx, by] = line[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
};
