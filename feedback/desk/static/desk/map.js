"use strict";

/* The map of the desk: deck.gl draws, the rest is here. */
(() => {
  const root = document.getElementById("map");
  if (!root) return;
  const get = (id) => document.getElementById(id);
  const stage = get("map-stage");
  root.hidden = false;
  const said = (words) => {
    get("map-said").textContent = words;
    get("map-said").hidden = !words;
  };
  const fail = () => {
    stage.hidden = true;
    said(root.dataset.failed);
    get("map-table").open = true;
  };
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };

  /* Neighbouring numbers get hues far apart. */
  const hueOf = (number) => {
    const hue = (number * 137.508) % 360;
    const light = dark() ? 0.66 : 0.46;
    const strong = 0.55 * Math.min(light, 1 - light);
    return [0, 8, 4].map((n) => {
      const k = (n + hue / 30) % 12;
      return Math.round(255 * (light - strong * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
    });
  };

  /* The view that shows every point, with a margin. */
  const whole = (points) => {
    const ends = [0, 1].map((axis) => {
      let [least, most] = [Infinity, -Infinity];
      for (let at = axis; at < points.places.length; at += 2) {
        least = Math.min(least, points.places[at]);
        most = Math.max(most, points.places[at]);
      }
      return points.count ? [least, most] : [-100, 100];
    });
    const room = [stage.clientWidth, stage.clientHeight];
    const zoom = Math.min(...ends.map(([least, most], axis) => Math.log2((0.82 * room[axis]) / Math.max(most - least, 1))));
    return { target: [...ends.map(([least, most]) => (least + most) / 2), 0], zoom };
  };

  const { Deck, OrthographicView, ScatterplotLayer, TextLayer } = window.deck;
  window.deck.log.enable(false);

  const layersOf = (data, labels, version) => [
    new ScatterplotLayer({
      id: "posts",
      data,
      radiusUnits: "pixels",
      radiusMaxPixels: 18,
      pickable: true,
      updateTriggers: { getFillColor: version },
    }),
    new TextLayer({
      id: "asks",
      data: labels,
      getPosition: (ask) => ask.at,
      getText: titleOf,
      getSize: 12,
      getPixelOffset: [0, -16],
      getColor: dark() ? [240, 236, 230] : [30, 26, 22],
      background: true,
      getBackgroundColor: dark() ? [25, 24, 23, 190] : [255, 253, 250, 200],
      characterSet: "auto",
      fontFamily: getComputedStyle(document.body).fontFamily,
    }),
  ];
  const titleOf = (ask) => (ask.title.length > 28 ? `${ask.title.slice(0, 27)}…` : ask.title);
  const attributes = (places, colours, sizes) => ({
    length: sizes.length,
    attributes: {
      getPosition: { value: places, size: 2 },
      getFillColor: { value: colours, size: 4 },
      getRadius: { value: sizes, size: 1 },
    },
  });

  // One unseen point is drawn while the points are on their way: the card makes its programs meanwhile.
  const deck = new Deck({
    parent: stage,
    views: new OrthographicView({ flipY: false }),
    viewState: { target: [0, 0, 0], zoom: 0 },
    controller: { keyboard: false, doubleClickZoom: true },
    layers: layersOf(attributes(new Float32Array(2), new Uint8Array(4), new Float32Array(1)), [{ title: " ", at: [0, 0] }], 0),
    onError: fail,
  });

  const show = (points) => {
    const colours = new Uint8Array(4 * points.count);
    const sizes = Float32Array.from(points.people, (people) => 1.6 + Math.sqrt(people));
    const chosen = new Set();
    const areas = [...new Set(points.head.map((ask) => ask.area))];
    let found = null;
    let until = Infinity;
    let version = 0;
    let view = whole(points);
    let drawing = false;

    const paint = () => {
      const byArea = get("map-colour").value === "area";
      const grey = dark() ? [150, 150, 150] : [120, 115, 110];
      const palette = points.head.map((ask, at) => (byArea ? (ask.area ? hueOf(areas.indexOf(ask.area)) : grey) : hueOf(at)));
      for (let row = 0; row < points.count; row++) {
        const lit = chosen.has(row);
        colours.set(lit ? [240, 110, 20] : points.asks[row] ? palette[points.asks[row] - 1] : grey, 4 * row);
        colours[4 * row + 3] = points.days[row] > until ? 0 : lit ? 255 : found && !found.has(points.nameOf(row)) ? 28 : 190;
      }
      version += 1;
      draw();
    };

    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;

    // The largest asks are named first; a name that would lie on another is left out until there is room.
    const labels = () => {
      const scale = 2 ** view.zoom;
      const taken = [];
      return points.head
        .filter((ask) => ask.at)
        .slice(0, Math.round(24 * 2 ** Math.max(0, view.zoom - 1)))
        .filter((ask) => {
          const half = pen.measureText(titleOf(ask)).width / 2 + 4;
          const [x, y] = [ask.at[0] * scale, ask.at[1] * scale];
          const isFree = taken.every((one) => Math.abs(one.x - x) > one.half + half || Math.abs(one.y - y) > 20);
          if (isFree) taken.push({ x, y, half });
          return isFree;
        });
    };

    const draw = () =>
      deck.setProps({
        viewState: view,
        layers: layersOf(attributes(points.places, colours.slice(), sizes), labels(), version),
      });

    const card = get("map-card");
    let wait = 0;
    const hover = ({ index, x, y }) => {
      clearTimeout(wait);
      if (index < 0 || drawing || points.days[index] > until) {
        card.hidden = true;
        return;
      }
      wait = setTimeout(async () => {
        const ask = points.askOf(index);
        const answer = await fetch(`${root.dataset.card}?post=${points.nameOf(index)}`);
        if (answer.status !== 200) return;
        card.innerHTML = await answer.text();
        const line = document.createElement("p");
        line.className = "map-card__ask";
        line.textContent = ask ? `${ask.title} · ${root.dataset.people.replace("{n}", ask.people)}` : root.dataset.none;
        card.prepend(line);
        card.hidden = false;
        card.style.left = `${Math.max(0, Math.min(x + 12, stage.clientWidth - card.offsetWidth))}px`;
        card.style.top = `${Math.max(0, Math.min(y + 12, stage.clientHeight - card.offsetHeight))}px`;
      }, 90);
    };

    deck.setProps({
      onViewStateChange: ({ viewState }) => {
        view = viewState;
        draw();
      },
      onHover: hover,
      // The frame after the first picture: what is asked of the page from then on is answered.
      onAfterRender: () => {
        if (root.dataset.ready || !version) return;
        root.dataset.ready = "yes";
        requestAnimationFrame(() => performance.mark("map-ready"));
      },
    });

    /* A person draws a line around posts. */
    const line = get("map-line");
    const lasso = get("map-lasso");
    let path = [];
    const setDrawing = (on) => {
      drawing = on;
      line.hidden = !on;
      lasso.setAttribute("aria-pressed", String(on));
      line.width = stage.clientWidth;
      line.height = stage.clientHeight;
    };
    const count = () => {
      get("map-chosen").hidden = !chosen.size;
      get("map-posts").value = [...chosen].map(points.nameOf).join(",");
      get("map-count").textContent = root.dataset.chosen.replace("{n}", chosen.size);
      const tooMany = chosen.size > Number(root.dataset.limit);
      get("map-go").disabled = tooMany;
      said(tooMany ? root.dataset.tooMany : "");
      paint();
    };
    if (lasso) {
      lasso.addEventListener("click", () => setDrawing(!drawing));
      line.addEventListener("pointerdown", (event) => {
        line.setPointerCapture(event.pointerId);
        path = [[event.offsetX, event.offsetY]];
        if (!event.shiftKey) chosen.clear();
      });
      line.addEventListener("pointermove", (event) => {
        if (!path.length) return;
        path.push([event.offsetX, event.offsetY]);
        const pen = line.getContext("2d");
        pen.clearRect(0, 0, line.width, line.height);
        pen.strokeStyle = "#e8731a";
        pen.lineWidth = 2;
        pen.beginPath();
        path.forEach(([x, y]) => pen.lineTo(x, y));
        pen.stroke();
      });
      line.addEventListener("pointerup", () => {
        const viewport = deck.getViewports()[0];
        const around = path.map(([x, y]) => viewport.unproject([x, y]));
        path = [];
        for (let row = 0; row < points.count; row++) {
          if (points.days[row] > until) continue;
          if (window.heedInside(around, points.places[2 * row], points.places[2 * row + 1])) chosen.add(row);
        }
        setDrawing(false);
        count();
      });
      get("map-clear").addEventListener("click", () => {
        chosen.clear();
        count();
      });
    }

    const day = get("map-day");
    const known = points.days.length ? points.days : [0];
    day.min = known.reduce((a, b) => Math.min(a, b));
    day.max = known.reduce((a, b) => Math.max(a, b));
    day.value = day.max;
    const tellDay = () => {
      get("map-until").textContent = new Date(86400000 * Number(day.value)).toLocaleDateString(document.documentElement.lang);
    };
    day.addEventListener("input", () => {
      until = Number(day.value);
      tellDay();
      paint();
    });
    tellDay();

    let asked = 0;
    get("map-search").addEventListener("input", (event) => {
      clearTimeout(asked);
      asked = setTimeout(async () => {
        const words = event.target.value.trim();
        found = null;
        if (words) {
          const answer = await fetch(`${root.dataset.search}?q=${encodeURIComponent(words)}`);
          found = new Set((await answer.json()).posts);
        }
        paint();
      }, 200);
    });
    get("map-colour").addEventListener("change", paint);

    stage.addEventListener("keydown", (event) => {
      const step = 40 / 2 ** view.zoom;
      const [x, y] = view.target;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
      if (moves[event.key]) view = { ...view, target: [x + moves[event.key][0], y + moves[event.key][1], 0] };
      else if (event.key === "+" || event.key === "=") view = { ...view, zoom: view.zoom + 0.5 };
      else if (event.key === "-") view = { ...view, zoom: view.zoom - 0.5 };
      else return;
      event.preventDefault();
      draw();
    });
    paint();
  };

  window.heedPoints.then(show).catch(fail);
})();
