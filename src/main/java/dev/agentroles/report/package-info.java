/// Plans, outcomes and findings, for people and for machines.
@NullMarked
package dev.agentroles.report;

import org.jspecify.annotations.NullMarked;
