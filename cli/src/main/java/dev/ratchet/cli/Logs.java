package dev.ratchet.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Where the process's log goes. Set up in code: it starts faster than an XML file, and nothing but
 * the answer of a command ever reaches stdout.
 */
public final class Logs {
  private static final String CONSOLE = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";
  private static final String FILE = "%d{ISO8601} %-5level [%thread] %logger{30}: %msg%n";
  private static final FileSize MAX_FILE = FileSize.valueOf("32MB");
  private static final int MAX_OLD_FILES = 3;

  private Logs() {}

  /** For commands that answer and end: errors only, on stderr. */
  public static void quiet() {
    LoggerContext context = reset(Level.ERROR);
    root(context).addAppender(console(context, Level.ERROR, CONSOLE));
  }

  /** For a node of its own: all on stderr, which whoever runs it keeps. */
  public static void toStderr() {
    LoggerContext context = reset(Level.INFO);
    root(context).addAppender(console(context, Level.INFO, FILE));
  }

  /** To a file that is rolled over by size; {@link #warnOnStderr} adds stderr. */
  public static void toFile(Path file) {
    LoggerContext context = reset(Level.INFO);
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("file");
    appender.setFile(file.toString());
    appender.setEncoder(encoder(context, FILE));
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMaxIndex(MAX_OLD_FILES);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(MAX_FILE);
    size.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(size);
    appender.start();
    root(context).addAppender(appender);
  }

  /** From now on, what Ratchet itself warns of goes to stderr too; what libraries say does not. */
  public static void warnOnStderr() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger("dev.ratchet").addAppender(console(context, Level.WARN, CONSOLE));
  }

  /** Writes out what is buffered and closes files. */
  public static void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  private static LoggerContext reset(Level level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    root(context).setLevel(level);
    // SOFAJRaft tells of each election at INFO; Bolt warns, with traces, of each connection.
    context.getLogger("com.alipay").setLevel(Level.WARN);
    context.getLogger("com.alipay.sofa.common").setLevel(Level.OFF);
    return context;
  }

  private static Logger root(LoggerContext context) {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static OutputStreamAppender<ILoggingEvent> console(
      LoggerContext context, Level level, String pattern) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, pattern));
    ThresholdFilter threshold = new ThresholdFilter();
    threshold.setLevel(level.toString());
    threshold.start();
    appender.addFilter(threshold);
    appender.start();
    return appender;
  }

  private static PatternLayoutEncoder encoder(LoggerContext context, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    return encoder;
  }
}
