package dev.agentroles.profile;

import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.util.List;

/// What an engine asks of a connection URL: that it is one, holds no credentials, and verifies a server
/// that is on another machine. Runs when the profile is read if the URL stands there, or else when the URL
/// is known.
@FunctionalInterface
public interface UrlRule {
    /// @param at where the profile gives the URL or says where it is
    /// @return what is wrong; never the URL itself, which may hold a password
    List<Problem> check(String url, Profile.Tls tls, Position at);
}
