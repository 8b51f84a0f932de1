"use strict";
// The page is complete without this. With it: a theme button, words explained where they stand, a threshold that
// moves, and files given from the page itself.
(function () {
  const by = (id) => document.getElementById(id);
  const root = document.documentElement;
  const carried = JSON.parse(by("carried").textContent);

  const button = by("theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { button.textContent = dark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.setAttribute("aria-label", "Switch between light and dark");
  button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  name();

  for (const link of document.querySelectorAll("a[data-file]")) {
    const text = carried.files[link.dataset.file];
    if (text !== undefined) link.addEventListener("click", (event) => {
      event.preventDefault();
      const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      const save = document.createElement("a");
      save.href = address;
      save.download = link.dataset.file;
      save.click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
  }

  const tip = by("tip");
  const hide = () => { tip.hidden = true; };
  const show = (term) => {
    tip.textContent = term.dataset.tip;
    tip.hidden = false;
    const place = term.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, root.clientWidth - tip.offsetWidth - 8));
    const above = place.top > tip.offsetHeight + 12;
    tip.style.left = left + "px";
    tip.style.top = (above ? place.top - tip.offsetHeight - 6 : place.bottom + 6) + "px";
  };
  for (const term of document.querySelectorAll(".term")) {
    term.addEventListener("pointerenter", () => show(term));
    term.addEventListener("focus", () => show(term));
    term.addEventListener("pointerleave", hide);
    term.addEventListener("blur", hide);
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", hide, { passive: true });

  const slider = by("slider");
  const curve = carried.curve;
  if (slider && curve.length > 1) {
    const [at, weight] = [by("at"), by("weight")];
    const count = (n) => n.toLocaleString("en");
    const weights = [0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 10000, 100000];
    const low = curve[0].threshold, high = curve[curve.length - 1].threshold;
    at.max = String(curve.length - 1);
    const read = () => {
      const point = curve[Number(at.value)];
      const returned = point.returned_right + point.returned_wrong;
      at.setAttribute("aria-valuetext", "threshold " + point.threshold);
      by("reading").textContent = "At threshold " + point.threshold + ": " + count(returned) + " persons returned, " +
        count(point.returned_wrong) + " of them somebody else; " + count(point.missed) + " of " +
        count(carried.on_file) + " people on file not returned.";
      const x = 1 + 98 * (point.threshold - low) / (high - low);
      for (const cursor of document.querySelectorAll("#threshold .cursor")) {
        cursor.removeAttribute("hidden");
        cursor.setAttribute("d", "M" + x.toFixed(2) + " 0V100");
      }
    };
    const choose = () => {
      const w = weights[Number(weight.value)];
      by("weighs").textContent = count(w);
      weight.setAttribute("aria-valuetext", String(w));
      // Returning nobody at all is a choice, too.
      let best = { cost: carried.on_file, says: "not matching at all: " + count(carried.on_file) + " people on file not returned, nobody in error" };
      for (const point of curve) {
        const cost = w * point.returned_wrong + point.missed;
        if (cost < best.cost) best = { cost, says: "threshold " + point.threshold + ": " + count(point.returned_wrong) +
          " returned in error, " + count(point.missed) + " people on file not returned" };
      }
      by("choice").textContent = "Weighed like this, the least harm is at " + best.says +
        ". Whether the two can be weighed against each other at all is for you to say.";
    };
    at.addEventListener("input", read);
    weight.addEventListener("input", choose);
    slider.hidden = false;
    read();
    choose();
  }
})();
