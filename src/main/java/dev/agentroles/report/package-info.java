/// Plans, outcomes and findings, for people and for machines, and what machines ask in JSON.
@NullMarked
package dev.agentroles.report;

import org.jspecify.annotations.NullMarked;
