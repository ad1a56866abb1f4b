package dev.agentroles.harness;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Runs a test class once for each supported MySQL and MariaDB; its constructor takes the [MySql]. A single
/// method does the same with `@ParameterizedTest @ArgumentsSource(MySql.Each.class)`.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ParameterizedClass(name = "{0}")
@ArgumentsSource(MySql.Each.class)
public @interface OnEachMySql {}
