// SPDX-License-Identifier: EUPL-1.2
// The panel that moves INFO CIG through time. Where the edge keeps no settable clock, as in a release, it goes away.

const ZONE = "Europe/Rome";
const panel = document.querySelector(".time-machine");

if (panel) start(panel);

async function start(panel) {
  const clock = `${panel.dataset.edge}/test/clock`;
  const now = await read(clock);
  if (!now) {
    panel.remove();
    return;
  }
  show(panel, now);

  panel.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    set(panel, clock, event.target.elements.at.value);
  });
  panel.addEventListener("click", async (event) => {
    const preset = event.target.closest("button[type=button]");
    if (!preset) return;
    set(panel, clock, preset.dataset.at ?? `${romeWallClock(await read(clock) ?? now).slice(0, 10)}T${preset.dataset.time}`);
  });
  panel.addEventListener("toggle", async () => {
    const later = panel.open && (await read(clock));
    if (later) show(panel, later);
  });
}

/** The service's instant, or nothing where there is no such clock. */
async function read(clock) {
  try {
    const answer = await fetch(clock, { cache: "no-store" });
    if (!answer.ok) return null;
    const instant = new Date((await answer.json()).now);
    return Number.isNaN(instant.getTime()) ? null : instant;
  } catch {
    return null;
  }
}

async function set(panel, clock, wallClock) {
  const trouble = panel.querySelector(".time-machine-trouble");
  trouble.textContent = "";
  try {
    const answer = await fetch(clock, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ now: inRome(wallClock) }),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    location.reload();
  } catch {
    trouble.textContent = "L'ora non è cambiata. Controlla che INFO CIG sia acceso e riprova.";
  }
}

function show(panel, instant) {
  panel.querySelector(".time-machine-now").textContent = new Intl.DateTimeFormat("it-IT", {
    timeZone: ZONE,
    dateStyle: "full",
    timeStyle: "medium",
  }).format(instant);
  panel.querySelector("input[name=at]").value = romeWallClock(instant);
  panel.hidden = false;
}

/** What a clock in Rome shows at `instant`, as `2026-11-23T15:20:00`. */
function romeWallClock(instant) {
  return new Date(instant.getTime() + romeOffset(instant) * 60_000).toISOString().slice(0, 19);
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
