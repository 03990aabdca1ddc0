# SPDX-License-Identifier: EUPL-1.2
# The bare Durable Object on workerd, configured as the edge is.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "bare", worker = .bare),
    (name = "data", disk = (path = "data", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8788", http = (), service = "bare")],
);

const bare :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-04-01",
  compatibilityFlags = ["web_socket_auto_reply_to_close"],
  durableObjectNamespaces = [(className = "Room", uniqueKey = "bare-room", enableSql = true)],
  durableObjectStorage = (localDisk = "data"),
  bindings = [(name = "ROOM", durableObjectNamespace = "Room")],
);
