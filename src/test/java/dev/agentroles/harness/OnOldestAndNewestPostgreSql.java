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
/// For what a command decides: which leases it issues, keeps and ends, what it does first and what it leaves for
/// later where somebody is in its way, what it looks up and writes out, and what it says. The program does that in
/// the same way on every version but for one difference, the memberships of 16 and later, which has the two on either
/// side. And for what ordinary clients send: they ask a server for its version only to leave out what an old one does
/// not know. What a version may give, hide or refuse, and whatever attacks it, is a matter of [OnEachPostgreSql].
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ParameterizedClass(name = "{0}")
@MethodSource("dev.agentroles.harness.PostgreSql#oldestAndNewest")
public @interface OnOldestAndNewestPostgreSql {}
