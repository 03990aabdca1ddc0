// SPDX-License-Identifier: EUPL-1.2
// The panel that moves INFO CIG through time. Where the edge keeps no settable clock, as in a release, it goes away.

const ZONE = "Europe/Rome";
const panel = document.querySelector(".time-machine");

if (panel) start(panel);

async function start(panel) {
  const clock = `${panel.dataset.edge}/test/clock`;
  let setting = await read(clock);
  if (!setting) {
    panel.remove();
    return;
  }
  const form = panel.querySelector("form");
  const speed = () => Number(form.elements.speed.value);
  const follow = (later) => {
    setting = later;
    tick(panel, setting);
  };
  fillIn(form, setting);
  tick(panel, setting);
  panel.hidden = false;
  setInterval(() => {
    tick(panel, setting);
    // Pages wait for the hour by their own clock, which does not run fast: as if they had just been opened, they ask anew.
    if (setting.speed > 1) window.dispatchEvent(new Event("pageshow"));
  }, TICK_MS);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await set(panel, clock, inRome(form.elements.at.value), speed())) location.reload();
  });
  form.elements.speed.addEventListener("change", async () => {
    const later = await set(panel, clock, rfc3339(shown(setting)), speed());
    if (later) follow(later);
    else form.elements.speed.value = setting.speed;
  });
  panel.addEventListener("click", async (event) => {
    const preset = event.target.closest("button[type=button]");
    if (!preset) return;
    const at = preset.dataset.at ?? `${romeWallClock(shown(setting)).slice(0, 10)}T${preset.dataset.time}`;
    if (await set(panel, clock, inRome(at), speed())) location.reload();
  });
  // Somebody may have moved it in another window, or this one slept.
  panel.addEventListener("toggle", async () => {
    const later = panel.open && (await read(clock));
    if (!later) return;
    fillIn(form, later);
    follow(later);
  });
}

const TICK_MS = 1000;

/** The service's instant, how fast it runs, and when it was asked; nothing where there is no such clock. */
async function read(clock) {
  try {
    return await settingIn(await fetch(clock, { cache: "no-store" }));
  } catch {
    return null;
  }
}

/** Sets the clock and answers with it; says so where that fails. */
async function set(panel, clock, now, speed) {
  const trouble = panel.querySelector(".time-machine-trouble");
  trouble.textContent = "";
  try {
    const answer = await fetch(clock, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ now, speed }),
    });
    const later = await settingIn(answer);
    if (later) return later;
  } catch {
    // Said below.
  }
  trouble.textContent = "L'ora non è cambiata. Controlla che INFO CIG sia acceso e riprova.";
  return null;
}

async function settingIn(answer) {
  if (!answer.ok) return null;
  const { now, speed } = await answer.json();
  const instant = new Date(now);
  return Number.isNaN(instant.getTime()) ? null : { instant, speed, asked: performance.now() };
}

/** What the service's clock shows at this moment. */
function shown({ instant, speed, asked }) {
  return new Date(instant.getTime() + (performance.now() - asked) * speed);
}

function tick(panel, setting) {
  panel.querySelector(".time-machine-now").textContent = new Intl.DateTimeFormat("it-IT", {
    timeZone: ZONE,
    dateStyle: "full",
    timeStyle: "medium",
  }).format(shown(setting));
  panel.querySelector(".time-machine-pace").textContent = setting.speed > 1 ? `(corre ${setting.speed}×)` : "";
}

function fillIn(form, setting) {
  form.elements.at.value = romeWallClock(shown(setting));
  const { speed } = form.elements;
  speed.value = setting.speed;
  // A speed that is not offered here was set by other means.
  if (speed.selectedIndex < 0) {
    speed.add(new Option(`${setting.speed}×`, setting.speed));
    speed.value = setting.speed;
  }
}

/** What a clock in Rome shows at `instant`, as `2026-11-23T15:20:00`. */
function romeWallClock(instant) {
  return new Date(instant.getTime() + romeOffset(instant) * 60_000).toISOString().slice(0, 19);
}

/** An instant as the edge reads it, to the second. */
function rfc3339(instant) {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** The RFC 3339 instant at which a clock in Rome shows `wallClock`. */
function inRome(wallClock) {
  const asIfUtc = new Date(`${wallClock.length === 16 ? `${wallClock}:00` : wallClock}Z`);
  // The offset of the wall clock read as UTC can be wrong near a change of summer time; that of the result is not.
  const near = new Date(asIfUtc.getTime() - romeOffset(asIfUtc) * 60_000);
  const offset = romeOffset(near);
  const sign = offset < 0 ? "-" : "+";
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  return `${asIfUtc.toISOString().slice(0, 19)}${sign}${two(offset / 60)}:${two(offset % 60)}`;
}

/** Minutes by which Rome is ahead of UTC at `instant`. */
function romeOffset(instant) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: ZONE, timeZoneName: "longOffset" }).formatToParts(instant);
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(parts.find((part) => part.type === "timeZoneName").value);
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
