// SPDX-License-Identifier: EUPL-1.2
// The Worker as the runtime sees it: one handler and five Durable Object classes, each around its twin in Rust.
//
// A trap (a panic, memory that ran out) leaves a WebAssembly instance unusable. The next event gets a new instance, and every
// object a new twin, which reads its state from storage: memory is only a cache.
import * as rust from 'infocig-edge';
// A text, of any size. A variable of Cloudflare holds 5 kB.
import policy from './policy.json';

// Shared with the module: `criticalError` is set by its panic hook, `instanceId` changes whenever an instance starts.
const state = rust.__worker_init_state();

// A line of the log, as those of the module (`edge/src/log.rs`). A stack has names of functions and no values.
const line = (level, event, reason) => JSON.stringify({ at: new Date().toISOString(), level, event, reason });

const noteTrap = (error) => {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error(line('error', 'trap', String(error.stack)));
  state.criticalError = true;
};

// A trap in a task that no event waits for.
addEventListener('error', ({ error }) => noteTrap(error));

const usableInstance = () => {
  if (!state.criticalError) return;
  console.warn(line('warn', 'new-instance', 'objects read their state from storage'));
  rust.__wbg_reset_state();
  state.criticalError = false;
};

const guarded = async (call) => {
  usableInstance();
  try {
    return await call();
  } catch (error) {
    noteTrap(error);
    throw error;
  }
};

// The same for a call that is over when it returns.
const guardedNow = (call) => {
  usableInstance();
  try {
    return call();
  } catch (error) {
    noteTrap(error);
    throw error;
  }
};

const settled = (env) => env.POLICY ? env : { ...env, POLICY: policy };

const around = (Twin, { goesByRules = true } = {}) => class {
  #about;
  #twin;
  #instance;

  constructor(state, env) {
    this.#about = [state, settled(env)];
    usableInstance();
    // An object that wakes in a new isolate takes no event before the rules in force are known. The policy object knows them.
    if (goesByRules && !rust.knowsRules()) state.blockConcurrencyWhile(() => guarded(() => rust.fetchRules(settled(env))));
    this.#current();
  }

  #current() {
    if (this.#instance !== state.instanceId) {
      try {
        this.#twin = new Twin(...this.#about);
      } catch (error) {
        // A constructor that failed half way is not trusted either.
        state.criticalError = true;
        throw error;
      }
      this.#instance = state.instanceId;
    }
    return this.#twin;
  }

  fetch(request) {
    return guarded(() => this.#current().fetch(request));
  }

  alarm(info) {
    return guarded(() => this.#current().alarm(info));
  }

  // A text frame makes no promise, which would cost it a tenth of its time, unless the alarm changes.
  webSocketMessage(socket, message) {
    if (typeof message !== 'string') return guarded(() => this.#current().webSocketMessage(socket, message));
    if (guardedNow(() => this.#current().textFrame(socket, message))) return guarded(() => this.#current().armAlarm());
  }

  webSocketClose(socket, code, reason, clean) {
    return guarded(() => this.#current().webSocketClose(socket, code, reason, clean));
  }

  webSocketError(socket, error) {
    return guarded(() => this.#current().webSocketError(socket, error));
  }
};

export const ConversationObject = around(rust.ConversationObject);
export const DeskObject = around(rust.DeskObject);
export const RegisterObject = around(rust.RegisterObject);
export const LineaInpsObject = around(rust.LineaInpsObject);
export const PolicyObject = around(rust.PolicyObject, { goesByRules: false });
export const StaffObject = around(rust.StaffObject);
export const AuditObject = around(rust.AuditObject, { goesByRules: false });

// What only the program can reach that runs this process, by a socket of its own (`served.capnp`). The binding is
// how the module knows.
export const runner = {
  fetch: (request, env, context) => guarded(() => rust.fetch(request, { ...settled(env), RUNNER: 'yes' }, context)),
};

export default {
  fetch: (request, env, context) => guarded(() => rust.fetch(request, settled(env), context)),
};
