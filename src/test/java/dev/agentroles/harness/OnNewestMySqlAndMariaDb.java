package dev.agentroles.harness;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs a test class on the newest supported MySQL and on the newest supported MariaDB; its constructor takes the
/// [MySql].
///
/// For what a command decides and says. The program does that by the product, and asks a version only for what it
/// may not use: whether an account carries a text, and which rights an administrator needs. What a version may give,
/// hide or refuse, how long it locks, and what holds an agent back is a matter of [OnEachMySql].
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ParameterizedClass(name = "{0}")
@MethodSource("dev.agentroles.harness.MySql#newestChosen")
public @interface OnNewestMySqlAndMariaDb {}
