/// The port to a database server: inspect, resolve, render, examine, probe.
@NullMarked
package dev.agentroles.engine;

import org.jspecify.annotations.NullMarked;
