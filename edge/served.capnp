# SPDX-License-Identifier: EUPL-1.2
# INFO CIG as `infocig serve` runs it: workerd.capnp, and a socket of its own by which the process is told that it is about to
# end. It is a file in the folder of data; nothing that comes from the network reaches it.
using Workerd = import "/workerd/workerd.capnp";
using Edge = import "workerd.capnp";

const served :Workerd.Config = (services = Edge.services, sockets = [Edge.http, .runner]);

const runner :Workerd.Socket = (name = "runner", http = (), service = (name = "edge", entrypoint = "runner"));
