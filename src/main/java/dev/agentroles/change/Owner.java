package dev.agentroles.change;

import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.Target;

/// The login that owns a schema, and how long its statements may wait and take.
public record Owner(Target target, Bounds bounds) {}
