package dev.agentroles.plan;

/// A change and why it is needed.
public record Step(Change change, Reason reason) {}
