"""What the checkout service says: the lines of a Java program with a connection pool, stack traces and all."""

from __future__ import annotations

from hallucino_tui.demo.scenario import stamps

_PACKAGE = "com.example.shop.checkout"
_DISPATCH = (
    "org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1089)",
    "org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:903)",
    "org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:138)",
    "org.apache.tomcat.util.threads.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1189)",
    "java.base/java.lang.Thread.run(Thread.java:1583)",
)


def line(time_ns: int, level: str, thread: str, logger: str, message: str) -> str:
    """Return one line in the framework's usual format."""
    return (
        f"{stamps.iso_millis(time_ns)} {level:>5} 1 --- [checkout] [{thread[-15:]:>15}] {logger[-40:]:<40} : {message}"
    )


def starting(time_ns: int, version: str, pod: str, pool: int, url: str) -> list[str]:
    """Return what a start says first: the version, and the settings of the pool."""
    main = f"{_PACKAGE}.CheckoutApplication"
    return [
        line(
            time_ns,
            "INFO",
            "main",
            main,
            f"Starting CheckoutApplication v{version} using Java 21.0.9 on {pod} with PID 1",
        ),
        line(time_ns, "INFO", "main", main, 'The following 1 profile is active: "production"'),
        line(
            time_ns,
            "INFO",
            "main",
            f"{_PACKAGE}.config.DataSourceConfig",
            f"datasource url={url} hikari.maximumPoolSize={pool} hikari.minimumIdle={min(pool, 10)}",
        ),
    ]


def pool_started(time_ns: int) -> list[str]:
    """Return what the connection pool says when it comes up."""
    logger = "com.zaxxer.hikari.HikariDataSource"
    return [
        line(time_ns, "INFO", "main", logger, "HikariPool-1 - Starting..."),
        line(time_ns, "INFO", "main", logger, "HikariPool-1 - Start completed."),
    ]


def started(time_ns: int, seconds: float) -> list[str]:
    """Return what a start says last."""
    server = "o.s.b.w.embedded.tomcat.TomcatWebServer"
    return [
        line(time_ns, "INFO", "main", server, "Tomcat started on port 8080 (http) with context path '/'"),
        line(
            time_ns,
            "INFO",
            "main",
            f"{_PACKAGE}.CheckoutApplication",
            f"Started CheckoutApplication in {seconds:.3f} seconds (process running for {seconds + 0.7:.3f})",
        ),
    ]


def stopping(time_ns: int) -> list[str]:
    """Return what a polite end says."""
    return [
        line(
            time_ns,
            "INFO",
            "SpringApplicationShutdownHook",
            "o.s.b.w.e.tomcat.GracefulShutdown",
            "Commencing graceful shutdown. Waiting for active requests to complete",
        ),
        line(
            time_ns,
            "INFO",
            "SpringApplicationShutdownHook",
            "com.zaxxer.hikari.HikariDataSource",
            "HikariPool-1 - Shutdown initiated...",
        ),
    ]


def order_placed(times: tuple[int, int], thread: str, order: int, cents: int, request_id: str) -> tuple[str, str]:
    """Return the two lines of an order that went well, written at the two times."""
    logger = f"{_PACKAGE}.OrderService"
    amount = f"{cents // 100}.{cents % 100:02d} EUR"
    return (
        line(times[0], "INFO", thread, logger, f"order {order} created, total {amount}, requestId={request_id}"),
        line(times[1], "INFO", thread, logger, f"order {order} paid and confirmed, requestId={request_id}"),
    )


def coupon_warning(time_ns: int, thread: str, request_id: str) -> str:
    """Return the line behind which the new version loses a connection."""
    logger = f"{_PACKAGE}.CouponRepository"
    return line(time_ns, "WARN", thread, logger, f"coupon lookup abandoned, stream left open, requestId={request_id}")


def pool_state(time_ns: int, total: int, active: int, waiting: int) -> str:
    """Return the pool's own account of itself."""
    message = (
        f"HikariPool-1 - Pool stats (total={total}, active={active}, idle={max(0, total - active)}, waiting={waiting})"
    )
    return line(time_ns, "DEBUG", "HikariPool-1 housekeeper", "com.zaxxer.hikari.pool.HikariPool", message)


def pool_timeout(time_ns: int, thread: str, pool: tuple[int, int], request_id: str) -> list[str]:
    """Return the stack trace of a request that got no connection; `pool` is its size and how many wait."""
    total, waiting = pool
    reason = (
        f"HikariPool-1 - Connection is not available, request timed out after 5001ms "
        f"(total={total}, active={total}, idle=0, waiting={waiting})"
    )
    logger = "o.a.c.c.C.[.[.[/].[dispatcherServlet]"
    return [
        line(time_ns, "ERROR", thread, logger, f"Servlet.service() threw exception, requestId={request_id}"),
        "",
        f"java.sql.SQLTransientConnectionException: {reason}",
        "\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:710)",
        "\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:189)",
        "\tat com.zaxxer.hikari.HikariDataSource.getConnection(HikariDataSource.java:99)",
        f"\tat {_PACKAGE}.OrderRepository.insert(OrderRepository.java:61)",
        f"\tat {_PACKAGE}.OrderService.place(OrderService.java:118)",
        f"\tat {_PACKAGE}.OrderController.checkout(OrderController.java:47)",
        *(f"\tat {frame}" for frame in _DISPATCH),
    ]


def refused(time_ns: int) -> list[str]:
    """Return the stack trace of the pool when the database refuses a further connection."""
    return [
        line(
            time_ns,
            "WARN",
            "HikariPool-1 connection adder",
            "com.zaxxer.hikari.pool.HikariPool",
            "HikariPool-1 - Exception during pool initialization or growth",
        ),
        "org.postgresql.util.PSQLException: FATAL: sorry, too many clients already",
        "\tat org.postgresql.core.v3.ConnectionFactoryImpl.doAuthentication(ConnectionFactoryImpl.java:755)",
        "\tat org.postgresql.core.v3.ConnectionFactoryImpl.tryConnect(ConnectionFactoryImpl.java:226)",
        "\tat com.zaxxer.hikari.pool.PoolBase.newConnection(PoolBase.java:360)",
        "\t... 5 more",
    ]


def connection_lost(time_ns: int) -> str:
    """Return what the pool says about a connection that the database has closed."""
    message = (
        "HikariPool-1 - Failed to validate connection (This connection has been closed.). "
        "Possibly consider using a shorter maxLifetime value."
    )
    return line(time_ns, "WARN", "HikariPool-1 housekeeper", "com.zaxxer.hikari.pool.PoolBase", message)
