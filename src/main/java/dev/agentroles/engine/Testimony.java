package dev.agentroles.engine;

import dev.agentroles.access.Finding;
import java.util.List;

/// What a witness has to say of one subject, as of one moment.
///
/// @param findings every difference between what it can do or become and what it should, worst first; what the
/// witness could not read is one, too
/// @param reliedOn the texts that decide what the subject can do although no access list shows them, sorted by identity
public record Testimony(List<Finding> findings, List<Definition> reliedOn) {}
