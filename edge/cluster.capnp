# SPDX-License-Identifier: EUPL-1.2
# INFO CIG as one node of a cluster: served.capnp, whose objects are in a bucket that several nodes share. Experimental, and for
# the runtime of edge/cluster/package.json alone: an older one does not know the field `cluster`.
#
# The schema takes the bucket and the key as literals only. `infocig serve --cluster` writes them into node.capnp, beside this
# file in the folder of data.
using Workerd = import "/workerd/workerd.capnp";
using Edge = import "workerd.capnp";
using Served = import "served.capnp";
using Node = import "node.capnp";

const clustered :Workerd.Config = (
  services = Edge.services,
  sockets = [Edge.http, Served.runner],
  cluster = Node.cluster,
);
