# Builds the form, and the server with the form and the demo within one program. This file has never been run, because the
# machines that build and test this repository have no container engine. Debian 13 has the Node 20 that the build needs; Debian 12
# has Node 18.
FROM rust:1.95-trixie AS build
RUN apt-get update && apt-get install --yes --no-install-recommends nodejs npm && rustup target add wasm32-unknown-unknown && rustup component add rust-src
WORKDIR /source
COPY . .
RUN cargo xtask build --server

FROM debian:trixie-slim
# The certificates by which the server trusts the vendor and the database.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /var/lib/payment-form --create-home payment-form
COPY --from=build /source/target/release/payment-form-server /usr/local/bin/payment-form-server
USER payment-form
WORKDIR /var/lib/payment-form
VOLUME /var/lib/payment-form
ENV PAYMENT_FORM_HOST=0.0.0.0 PAYMENT_FORM_PORT=8080 PAYMENT_FORM_LOG=json
EXPOSE 8080
# The image has no HTTP client but bash. The answer tells that the process is alive; /readyz tells whether it can store a payment.
HEALTHCHECK CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PAYMENT_FORM_PORT && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head --lines=1 <&3 | grep --quiet ' 200 '"]
# Credentials come from mounted files and the environment, as docs/operations.md says; without them the server does not start.
ENTRYPOINT ["payment-form-server"]
