package dev.ratchet.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ratchet.admin.Page.Answer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests of one connection. Confined to the admin event loop. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  private final Map<String, Page> pages;

  AdminHandler(Map<String, Page> pages) {
    super(FullHttpRequest.class);
    this.pages = pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    Throwable malformed = request.decoderResult().cause();
    if (malformed != null) {
      send(context, refusal(malformed), false);
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    boolean read =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    Page page = pages.get(path(request.uri()));
    if (page == null) {
      send(context, Answer.text(HttpResponseStatus.NOT_FOUND, "not found; see /"), keepAlive);
    } else if (!read) {
      send(
          context,
          Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are served"),
          keepAlive);
    } else {
      send(context, answer(page, request.uri()), keepAlive);
    }
  }

  private static Answer answer(Page page, String uri) {
    try {
      return page.get();
    } catch (RuntimeException e) {
      // A page runs the node's health and gauges; a fault there must not cost the connection.
      LOG.error("admin page {} failed", uri, e);
      return Answer.text(
          HttpResponseStatus.INTERNAL_SERVER_ERROR, "the page failed; see the node's log");
    }
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static Answer refusal(Throwable malformed) {
    if (malformed instanceof TooLongHttpLineException) {
      return Answer.text(
          HttpResponseStatus.REQUEST_URI_TOO_LONG,
          "the request line is longer than " + AdminServer.MAX_LINE_BYTES + " bytes");
    }
    if (malformed instanceof TooLongHttpHeaderException
        || malformed instanceof TooLongFrameException) {
      return Answer.text(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
          "the headers are longer than " + AdminServer.MAX_HEADER_BYTES + " bytes");
    }
    return Answer.text(HttpResponseStatus.BAD_REQUEST, "these bytes are no HTTP request");
  }

  private static void send(ChannelHandlerContext context, Answer answer, boolean keepAlive) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            answer.status(),
            Unpooled.wrappedBuffer(answer.text().getBytes(UTF_8)));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
    if (answer.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    HttpUtil.setContentLength(response, response.content().readableBytes());
    HttpUtil.setKeepAlive(response, keepAlive);
    var sent = context.writeAndFlush(response);
    if (!keepAlive) {
      sent.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      context.close();
    } else {
      super.userEventTriggered(context, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.warn("closing admin connection of {}", context.channel().remoteAddress(), cause);
    }
    context.close();
  }
}
