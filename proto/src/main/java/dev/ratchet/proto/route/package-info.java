/** The route table: which incarnation owns each section, under which epoch, in versions. */
package dev.ratchet.proto.route;
