# syntax=docker/dockerfile:1

FROM golang:1.26-bookworm AS build
WORKDIR /src
# The modules alone first: a change of code then fetches none again.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download
COPY . .
ENV CGO_ENABLED=0
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go build -trimpath -o /out/subclip ./cmd/subclip

FROM debian:bookworm-slim
# The fonts are what ffmpeg writes on pictures with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates ffmpeg fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/subclip /usr/local/bin/subclip
# A number, so that Kubernetes' runAsNonRoot can tell that it is not root.
USER 10001:10001
EXPOSE 8080
# There is no HEALTHCHECK: workers and migrations, which listen on nothing, run
# from this image too. docker-compose.yml has one for the API.
ENTRYPOINT ["subclip"]
CMD ["serve"]
