// SPDX-License-Identifier: EUPL-1.2
// The least a Durable Object can do for a message: store a row, tell every socket. What `cargo xtask bench relay` compares with.
import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  }
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(_, text) {
    this.ctx.storage.sql.exec("INSERT INTO log (text) VALUES (?)", text);
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
  }
}

export default { fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName(new URL(request.url).pathname)).fetch(request) };
