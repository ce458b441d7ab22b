# The server alone, as `pip install` makes it; not root, nothing written but /data.
FROM python:3.13-slim
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE NOTICE ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY signaling signaling
COPY media media
COPY waiting_room waiting_room
COPY turn turn
COPY loadtests loadtests
COPY web_client web_client
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --system --uid 10001 video-visit && install -d -o video-visit -m 0700 /data
USER video-visit
ENV VIDEO_VISIT_DATA_DIR=/data VIDEO_VISIT_HOST=0.0.0.0
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
ENTRYPOINT ["video-visit"]
CMD ["serve"]
