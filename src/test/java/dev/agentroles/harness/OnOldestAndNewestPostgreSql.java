package dev.agentroles.harness;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs a test class on the oldest and on the newest supported PostgreSQL; its constructor takes the [PostgreSql].
///
/// For what a command decides: which leases it issues, keeps and ends, in which order, and what it says. The program
/// does that in the same way on every version but for one difference, the memberships of 16 and later, which has
/// the two on either side. What a version may give, hide or refuse is a matter of [OnEachPostgreSql].
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ParameterizedClass(name = "{0}")
@MethodSource("dev.agentroles.harness.PostgreSql#oldestAndNewest")
public @interface OnOldestAndNewestPostgreSql {}
