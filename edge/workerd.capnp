# SPDX-License-Identifier: EUPL-1.2
# INFO CIG on workerd: one process, one folder of data. What an administration runs itself, what the demo and tests run.
#
# Paths and ports come from the command line (`--socket-addr=http=…`, `--directory-path=data=…`, `--directory-path=site=…`),
# settings from the environment (see the module `settings` of the edge).
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = .services, sockets = [.http]);

const http :Workerd.Socket = (name = "http", address = "127.0.0.1:8787", http = (), service = "edge");

const services :List(Workerd.Service) = [
  (name = "edge", worker = .edge),
  # Issuers' key sets, Linea INPS and the registry of cases are wherever the settings say, an intranet or this machine
  # included.
  (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
  (name = "data", disk = (path = "data", writable = true)),
  (name = "site", disk = (path = "site")),
];

const edge :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "index.js"),
    (name = "index_bg.wasm", wasm = embed "index_bg.wasm"),
    # The policy in force, of any size; a variable POLICY goes before it.
    (name = "policy.json", text = embed "policy.json"),
  ],
  compatibilityDate = "2026-04-01",
  # Without compression of sockets: a frame of 31 kB would inflate to 31 MB before anybody could refuse its size.
  compatibilityFlags = ["web_socket_auto_reply_to_close", "no_web_socket_compression"],
  durableObjectNamespaces = [
    (className = "ConversationObject", uniqueKey = "info-cig-conversation", enableSql = true),
    (className = "DeskObject", uniqueKey = "info-cig-desk", enableSql = true),
    (className = "RegisterObject", uniqueKey = "info-cig-register", enableSql = true),
    (className = "LineaInpsObject", uniqueKey = "info-cig-linea-inps", enableSql = true),
    (className = "PolicyObject", uniqueKey = "info-cig-policy", enableSql = true),
    (className = "StaffObject", uniqueKey = "info-cig-staff", enableSql = true),
    (className = "AuditObject", uniqueKey = "info-cig-audit", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "CONVERSATION", durableObjectNamespace = "ConversationObject"),
    (name = "DESK", durableObjectNamespace = "DeskObject"),
    (name = "REGISTER", durableObjectNamespace = "RegisterObject"),
    (name = "LINEA_INPS_CONNECTOR", durableObjectNamespace = "LineaInpsObject"),
    (name = "POLICY_OBJECT", durableObjectNamespace = "PolicyObject"),
    (name = "STAFF_SESSIONS", durableObjectNamespace = "StaffObject"),
    (name = "AUDIT_TRAIL", durableObjectNamespace = "AuditObject"),
    (name = "SITE", service = "site"),
    (name = "PUBLIC_ORIGIN", fromEnvironment = "PUBLIC_ORIGIN"),
    (name = "ISSUERS", fromEnvironment = "ISSUERS"),
    (name = "TICKET_KEY", fromEnvironment = "TICKET_KEY"),
    (name = "POLICY", fromEnvironment = "POLICY"),
    (name = "LINEA_INPS", fromEnvironment = "LINEA_INPS"),
    (name = "LINKS", fromEnvironment = "LINKS"),
    (name = "SECURITY", fromEnvironment = "SECURITY"),
    (name = "WEBHOOKS", fromEnvironment = "WEBHOOKS"),
    (name = "METRICS_TOKEN", fromEnvironment = "METRICS_TOKEN"),
    (name = "STAFF", fromEnvironment = "STAFF"),
    (name = "TURN", fromEnvironment = "TURN"),
    (name = "LANGUAGE_MODEL", fromEnvironment = "LANGUAGE_MODEL"),
    (name = "TEST_CLOCK", fromEnvironment = "TEST_CLOCK"),
  ],
);
